from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.piece_data import PieceData


T = TypeVar("T", bound="AnswerPiece")


@_attrs_define
class AnswerPiece:
    """The answer as it is written.

    Attributes:
        type_ (Literal['stream']):
        data (PieceData): A piece of the answer.
    """

    type_: Literal["stream"]
    data: PieceData
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
        from ..models.piece_data import PieceData  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["stream"], d.pop("type"))
        if type_ != "stream":
            raise ValueError(f"type must match const 'stream', got '{type_}'")

        data = PieceData.from_dict(d.pop("data"))

        answer_piece = cls(
            type_=type_,
            data=data,
        )

        answer_piece.additional_properties = d
        return answer_piece

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
