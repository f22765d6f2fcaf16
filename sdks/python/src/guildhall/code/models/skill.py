from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.source_type import SourceType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file import File


T = TypeVar("T", bound="Skill")


@_attrs_define
class Skill:
    """A skill.

    Attributes:
        id (str): The skill's address; it never changes.
        name (str):
        description (str):
        version (str): The current version: MAJOR.MINOR.PATCH.
        author (None | str):
        enabled (bool):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        tags (list[str]):
        capabilities (list[str]):
        skill_file (str): Where a client would keep its SKILL.md.
        source_url (None | str):
        source_type (None | SourceType):
        source_branch (None | str):
        editable (bool):
        execution_environment (None | str):
        dependencies (list[str]):
        timeout (int | None): Seconds.
        content (str | Unset): The text of SKILL.md; there with `include=content` alone.
        files (list[File] | Unset): The files beside it; there with `include=content` alone.
    """

    id: str
    name: str
    description: str
    version: str
    author: None | str
    enabled: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime
    tags: list[str]
    capabilities: list[str]
    skill_file: str
    source_url: None | str
    source_type: None | SourceType
    source_branch: None | str
    editable: bool
    execution_environment: None | str
    dependencies: list[str]
    timeout: int | None
    content: str | Unset = UNSET
    files: list[File] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        description = self.description

        version = self.version

        author: None | str
        author = self.author

        enabled = self.enabled

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        tags = self.tags

        capabilities = self.capabilities

        skill_file = self.skill_file

        source_url: None | str
        source_url = self.source_url

        source_type: None | str
        if isinstance(self.source_type, SourceType):
            source_type = self.source_type.value
        else:
            source_type = self.source_type

        source_branch: None | str
        source_branch = self.source_branch

        editable = self.editable

        execution_environment: None | str
        execution_environment = self.execution_environment

        dependencies = self.dependencies

        timeout: int | None
        timeout = self.timeout

        content = self.content

        files: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.files, Unset):
            files = []
            for files_item_data in self.files:
                files_item = files_item_data.to_dict()
                files.append(files_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "description": description,
                "version": version,
                "author": author,
                "enabled": enabled,
                "created_at": created_at,
                "updated_at": updated_at,
                "tags": tags,
                "capabilities": capabilities,
                "skill_file": skill_file,
                "source_url": source_url,
                "source_type": source_type,
                "source_branch": source_branch,
                "editable": editable,
                "execution_environment": execution_environment,
                "dependencies": dependencies,
                "timeout": timeout,
            }
        )
        if content is not UNSET:
            field_dict["content"] = content
        if files is not UNSET:
            field_dict["files"] = files

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file import File  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        description = d.pop("description")

        version = d.pop("version")

        def _parse_author(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        author = _parse_author(d.pop("author"))

        enabled = d.pop("enabled")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        tags = cast(list[str], d.pop("tags"))

        capabilities = cast(list[str], d.pop("capabilities"))

        skill_file = d.pop("skill_file")

        def _parse_source_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source_url = _parse_source_url(d.pop("source_url"))

        def _parse_source_type(data: object) -> None | SourceType:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                source_type_type_0 = SourceType(data)

                return source_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SourceType, data)

        source_type = _parse_source_type(d.pop("source_type"))

        def _parse_source_branch(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source_branch = _parse_source_branch(d.pop("source_branch"))

        editable = d.pop("editable")

        def _parse_execution_environment(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        execution_environment = _parse_execution_environment(d.pop("execution_environment"))

        dependencies = cast(list[str], d.pop("dependencies"))

        def _parse_timeout(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        timeout = _parse_timeout(d.pop("timeout"))

        content = d.pop("content", UNSET)

        _files = d.pop("files", UNSET)
        files: list[File] | Unset = UNSET
        if _files is not UNSET:
            files = []
            for files_item_data in _files:
                files_item = File.from_dict(files_item_data)

                files.append(files_item)

        skill = cls(
            id=id,
            name=name,
            description=description,
            version=version,
            author=author,
            enabled=enabled,
            created_at=created_at,
            updated_at=updated_at,
            tags=tags,
            capabilities=capabilities,
            skill_file=skill_file,
            source_url=source_url,
            source_type=source_type,
            source_branch=source_branch,
            editable=editable,
            execution_environment=execution_environment,
            dependencies=dependencies,
            timeout=timeout,
            content=content,
            files=files,
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
