from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.experience_level import ExperienceLevel

T = TypeVar("T", bound="Adaptation")


@_attrs_define
class Adaptation:
    """What comes first and what is left out for a user.

    Attributes:
        priorities (list[str]):
        hidden (list[str]):
        experience_level (ExperienceLevel): What a user knows; skills far above it come last.
    """

    priorities: list[str]
    hidden: list[str]
    experience_level: ExperienceLevel
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        priorities = self.priorities

        hidden = self.hidden

        experience_level = self.experience_level.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "priorities": priorities,
                "hidden": hidden,
                "experience_level": experience_level,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        priorities = cast(list[str], d.pop("priorities"))

        hidden = cast(list[str], d.pop("hidden"))

        experience_level = ExperienceLevel(d.pop("experience_level"))

        adaptation = cls(
            priorities=priorities,
            hidden=hidden,
            experience_level=experience_level,
        )

        adaptation.additional_properties = d
        return adaptation

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
