from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.experience_level import ExperienceLevel

if TYPE_CHECKING:
    from ..models.structure import Structure


T = TypeVar("T", bound="StoredAdaptation")


@_attrs_define
class StoredAdaptation:
    """An adaptation with what it shows.

    Attributes:
        priorities (list[str]):
        hidden (list[str]):
        experience_level (ExperienceLevel): What a user knows; skills far above it come last.
        relevant_branches (Structure): Categories as nested objects: the path `technical/programming` is `{"technical":
            {"programming": {}}}`.
        mounted_skills (list[str]):
        query_context (str):
    """

    priorities: list[str]
    hidden: list[str]
    experience_level: ExperienceLevel
    relevant_branches: Structure
    mounted_skills: list[str]
    query_context: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        priorities = self.priorities

        hidden = self.hidden

        experience_level = self.experience_level.value

        relevant_branches = self.relevant_branches.to_dict()

        mounted_skills = self.mounted_skills

        query_context = self.query_context

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "priorities": priorities,
                "hidden": hidden,
                "experience_level": experience_level,
                "relevant_branches": relevant_branches,
                "mounted_skills": mounted_skills,
                "query_context": query_context,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.structure import Structure  # noqa: PLC0415

        d = dict(src_dict)
        priorities = cast(list[str], d.pop("priorities"))

        hidden = cast(list[str], d.pop("hidden"))

        experience_level = ExperienceLevel(d.pop("experience_level"))

        relevant_branches = Structure.from_dict(d.pop("relevant_branches"))

        mounted_skills = cast(list[str], d.pop("mounted_skills"))

        query_context = d.pop("query_context")

        stored_adaptation = cls(
            priorities=priorities,
            hidden=hidden,
            experience_level=experience_level,
            relevant_branches=relevant_branches,
            mounted_skills=mounted_skills,
            query_context=query_context,
        )

        stored_adaptation.additional_properties = d
        return stored_adaptation

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
