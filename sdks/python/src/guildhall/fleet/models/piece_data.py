from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PieceData")


@_attrs_define
class PieceData:
    """A piece of the answer.

    Attributes:
        field (Literal['response']):
        content (str):
        offset (int):
        reset (bool | Unset): The answer begins anew: what came before no longer counts. Absent otherwise.
    """

    field: Literal["response"]
    content: str
    offset: int
    reset: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        field = self.field

        content = self.content

        offset = self.offset

        reset = self.reset

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "field": field,
                "content": content,
                "offset": offset,
            }
        )
        if reset is not UNSET:
            field_dict["reset"] = reset

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = cast(Literal["response"], d.pop("field"))
        if field != "response":
            raise ValueError(f"field must match const 'response', got '{field}'")

        content = d.pop("content")

        offset = d.pop("offset")

        reset = d.pop("reset", UNSET)

        piece_data = cls(
            field=field,
            content=content,
            offset=offset,
            reset=reset,
        )

        piece_data.additional_properties = d
        return piece_data

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
