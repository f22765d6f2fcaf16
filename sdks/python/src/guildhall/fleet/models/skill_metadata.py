from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SkillMetadata")


@_attrs_define
class SkillMetadata:
    """What a skill says of itself; also whatever else was stored with it by this contract.

    Attributes:
        dependencies (list[str]):
        capabilities (list[str]):
        version (str): The current version: MAJOR.MINOR.PATCH.
        author (None | str):
        created_at (datetime.datetime):
    """

    dependencies: list[str]
    capabilities: list[str]
    version: str
    author: None | str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        dependencies = self.dependencies

        capabilities = self.capabilities

        version = self.version

        author: None | str
        author = self.author

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dependencies": dependencies,
                "capabilities": capabilities,
                "version": version,
                "author": author,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        dependencies = cast(list[str], d.pop("dependencies"))

        capabilities = cast(list[str], d.pop("capabilities"))

        version = d.pop("version")

        def _parse_author(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        author = _parse_author(d.pop("author"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        skill_metadata = cls(
            dependencies=dependencies,
            capabilities=capabilities,
            version=version,
            author=author,
            created_at=created_at,
        )

        skill_metadata.additional_properties = d
        return skill_metadata

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
