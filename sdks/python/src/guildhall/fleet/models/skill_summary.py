from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.skill_status import SkillStatus

T = TypeVar("T", bound="SkillSummary")


@_attrs_define
class SkillSummary:
    """A skill in a list.

    Attributes:
        skill_id (str):
        name (str):
        description (str):
        version (str):
        status (SkillStatus): Agents are shown active skills only.
        category (None | str): The path of its category in the taxonomy.
    """

    skill_id: str
    name: str
    description: str
    version: str
    status: SkillStatus
    category: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_id = self.skill_id

        name = self.name

        description = self.description

        version = self.version

        status = self.status.value

        category: None | str
        category = self.category

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "skill_id": skill_id,
                "name": name,
                "description": description,
                "version": version,
                "status": status,
                "category": category,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        skill_id = d.pop("skill_id")

        name = d.pop("name")

        description = d.pop("description")

        version = d.pop("version")

        status = SkillStatus(d.pop("status"))

        def _parse_category(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        category = _parse_category(d.pop("category"))

        skill_summary = cls(
            skill_id=skill_id,
            name=name,
            description=description,
            version=version,
            status=status,
            category=category,
        )

        skill_summary.additional_properties = d
        return skill_summary

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
