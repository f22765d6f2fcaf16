from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UpdatedSkill")


@_attrs_define
class UpdatedSkill:
    """The skill was changed.

    Attributes:
        status (Literal['updated']):
        skill_id (str):
        version (str): The version that was made, or the one that is still current.
    """

    status: Literal["updated"]
    skill_id: str
    version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        skill_id = self.skill_id

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "skill_id": skill_id,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = cast(Literal["updated"], d.pop("status"))
        if status != "updated":
            raise ValueError(f"status must match const 'updated', got '{status}'")

        skill_id = d.pop("skill_id")

        version = d.pop("version")

        updated_skill = cls(
            status=status,
            skill_id=skill_id,
            version=version,
        )

        updated_skill.additional_properties = d
        return updated_skill

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
