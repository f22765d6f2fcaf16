from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="TextData")


@_attrs_define
class TextData:
    """A piece of the text that is being written.

    Attributes:
        module (str):
        field (str):
        chunk (str):
        offset (int): Where it goes, in characters.
        reset (bool | Unset): The text begins anew: what came before no longer counts. Absent otherwise.
    """

    module: str
    field: str
    chunk: str
    offset: int
    reset: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        module = self.module

        field = self.field

        chunk = self.chunk

        offset = self.offset

        reset = self.reset

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "module": module,
                "field": field,
                "chunk": chunk,
                "offset": offset,
            }
        )
        if reset is not UNSET:
            field_dict["reset"] = reset

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        module = d.pop("module")

        field = d.pop("field")

        chunk = d.pop("chunk")

        offset = d.pop("offset")

        reset = d.pop("reset", UNSET)

        text_data = cls(
            module=module,
            field=field,
            chunk=chunk,
            offset=offset,
            reset=reset,
        )

        text_data.additional_properties = d
        return text_data

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
