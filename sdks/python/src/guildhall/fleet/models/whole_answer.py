from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.whole_answer_data import WholeAnswerData


T = TypeVar("T", bound="WholeAnswer")


@_attrs_define
class WholeAnswer:
    """The answer, whole, after its pieces.

    Attributes:
        type_ (Literal['prediction']):
        data (WholeAnswerData): The answer, whole.
    """

    type_: Literal["prediction"]
    data: WholeAnswerData
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
        from ..models.whole_answer_data import WholeAnswerData  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["prediction"], d.pop("type"))
        if type_ != "prediction":
            raise ValueError(f"type must match const 'prediction', got '{type_}'")

        data = WholeAnswerData.from_dict(d.pop("data"))

        whole_answer = cls(
            type_=type_,
            data=data,
        )

        whole_answer.additional_properties = d
        return whole_answer

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
