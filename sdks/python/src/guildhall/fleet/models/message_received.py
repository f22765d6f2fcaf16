from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.received_data import ReceivedData


T = TypeVar("T", bound="MessageReceived")


@_attrs_define
class MessageReceived:
    """What the person said is stored.

    Attributes:
        type_ (Literal['received']):
        data (ReceivedData): The message that was stored.
    """

    type_: Literal["received"]
    data: ReceivedData
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
        from ..models.received_data import ReceivedData  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["received"], d.pop("type"))
        if type_ != "received":
            raise ValueError(f"type must match const 'received', got '{type_}'")

        data = ReceivedData.from_dict(d.pop("data"))

        message_received = cls(
            type_=type_,
            data=data,
        )

        message_received.additional_properties = d
        return message_received

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
