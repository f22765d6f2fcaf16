from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.action_data import ActionData


T = TypeVar("T", bound="Action")


@_attrs_define
class Action:
    """What the person is asked.

    Attributes:
        type_ (str): The kind of the job's prompt, or what the assistant wants to know before it acts.
        data (ActionData): What is asked: of a job's prompt its ids, the words that answer it, and the prompt's own data
            beside them.
    """

    type_: str
    data: ActionData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action_data import ActionData  # noqa: PLC0415

        d = dict(src_dict)
        type_ = d.pop("type")

        data = ActionData.from_dict(d.pop("data"))

        action = cls(
            type_=type_,
            data=data,
        )

        action.additional_properties = d
        return action

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
