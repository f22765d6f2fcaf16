from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.skill_metadata import SkillMetadata


T = TypeVar("T", bound="Skill")


@_attrs_define
class Skill:
    """A skill with its text.

    Attributes:
        skill_id (str): Its address.
        name (str):
        description (str):
        version (str):
        type_ (Any): What kind of skill its metadata say it is; null where they do not.
        content (str): The text of SKILL.md.
        metadata (SkillMetadata): What a skill says of itself; also whatever else was stored with it by this contract.
    """

    skill_id: str
    name: str
    description: str
    version: str
    type_: Any
    content: str
    metadata: SkillMetadata
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_id = self.skill_id

        name = self.name

        description = self.description

        version = self.version

        type_ = self.type_

        content = self.content

        metadata = self.metadata.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "skill_id": skill_id,
                "name": name,
                "description": description,
                "version": version,
                "type": type_,
                "content": content,
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.skill_metadata import SkillMetadata  # noqa: PLC0415

        d = dict(src_dict)
        skill_id = d.pop("skill_id")

        name = d.pop("name")

        description = d.pop("description")

        version = d.pop("version")

        type_ = d.pop("type")

        content = d.pop("content")

        metadata = SkillMetadata.from_dict(d.pop("metadata"))

        skill = cls(
            skill_id=skill_id,
            name=name,
            description=description,
            version=version,
            type_=type_,
            content=content,
            metadata=metadata,
        )

        skill.additional_properties = d
        return skill

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
