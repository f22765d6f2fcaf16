from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Update")


@_attrs_define
class Update:
    """How an installed skill stands to its source.

    Attributes:
        skill_id (UUID): The copy here.
        name (str):
        source_skill_id (UUID):
        source_client_id (str):
        installed_version (str):
        installed_sha_256 (str):
        available_version (None | str): Null where the source is not on offer any more.
        available_sha_256 (None | str):
        update_available (bool):
        changed_locally (bool): Whether the copy was changed here, so that a pull would undo that.
    """

    skill_id: UUID
    name: str
    source_skill_id: UUID
    source_client_id: str
    installed_version: str
    installed_sha_256: str
    available_version: None | str
    available_sha_256: None | str
    update_available: bool
    changed_locally: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_id = str(self.skill_id)

        name = self.name

        source_skill_id = str(self.source_skill_id)

        source_client_id = self.source_client_id

        installed_version = self.installed_version

        installed_sha_256 = self.installed_sha_256

        available_version: None | str
        available_version = self.available_version

        available_sha_256: None | str
        available_sha_256 = self.available_sha_256

        update_available = self.update_available

        changed_locally = self.changed_locally

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "skillId": skill_id,
                "name": name,
                "sourceSkillId": source_skill_id,
                "sourceClientId": source_client_id,
                "installedVersion": installed_version,
                "installedSha256": installed_sha_256,
                "availableVersion": available_version,
                "availableSha256": available_sha_256,
                "updateAvailable": update_available,
                "changedLocally": changed_locally,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        skill_id = UUID(d.pop("skillId"))

        name = d.pop("name")

        source_skill_id = UUID(d.pop("sourceSkillId"))

        source_client_id = d.pop("sourceClientId")

        installed_version = d.pop("installedVersion")

        installed_sha_256 = d.pop("installedSha256")

        def _parse_available_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        available_version = _parse_available_version(d.pop("availableVersion"))

        def _parse_available_sha_256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        available_sha_256 = _parse_available_sha_256(d.pop("availableSha256"))

        update_available = d.pop("updateAvailable")

        changed_locally = d.pop("changedLocally")

        update = cls(
            skill_id=skill_id,
            name=name,
            source_skill_id=source_skill_id,
            source_client_id=source_client_id,
            installed_version=installed_version,
            installed_sha_256=installed_sha_256,
            available_version=available_version,
            available_sha_256=available_sha_256,
            update_available=update_available,
            changed_locally=changed_locally,
        )

        update.additional_properties = d
        return update

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
