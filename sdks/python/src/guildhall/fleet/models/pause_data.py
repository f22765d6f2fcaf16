from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hitl_type import HitlType

T = TypeVar("T", bound="PauseData")


@_attrs_define
class PauseData:
    """What the job waits for.

    Attributes:
        hitl_type (HitlType): The original's words for kinds of prompts.
    """

    hitl_type: HitlType
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hitl_type = self.hitl_type.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hitl_type": hitl_type,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        hitl_type = HitlType(d.pop("hitl_type"))

        pause_data = cls(
            hitl_type=hitl_type,
        )

        pause_data.additional_properties = d
        return pause_data

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
