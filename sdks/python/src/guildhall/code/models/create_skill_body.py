from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.source_type import SourceType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_input import FileInput


T = TypeVar("T", bound="CreateSkillBody")


@_attrs_define
class CreateSkillBody:
    """A new skill with its first version.

    Attributes:
        id (str):
        name (str):
        description (str):
        version (str): MAJOR.MINOR.PATCH by SemVer 2.0.0.
        author (None | str | Unset):
        tags (list[str] | None | Unset):
        capabilities (list[str] | None | Unset):
        enabled (bool | Unset):
        source_url (None | str | Unset):
        source_type (None | SourceType | Unset):
        source_branch (None | str | Unset):
        editable (bool | Unset):
        content (str | Unset):
        files (list[FileInput] | None | Unset):
        execution_environment (None | str | Unset):
        dependencies (list[str] | None | Unset):
        timeout (int | None | Unset):
    """

    id: str
    name: str
    description: str
    version: str
    author: None | str | Unset = UNSET
    tags: list[str] | None | Unset = UNSET
    capabilities: list[str] | None | Unset = UNSET
    enabled: bool | Unset = UNSET
    source_url: None | str | Unset = UNSET
    source_type: None | SourceType | Unset = UNSET
    source_branch: None | str | Unset = UNSET
    editable: bool | Unset = UNSET
    content: str | Unset = UNSET
    files: list[FileInput] | None | Unset = UNSET
    execution_environment: None | str | Unset = UNSET
    dependencies: list[str] | None | Unset = UNSET
    timeout: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        description = self.description

        version = self.version

        author: None | str | Unset
        if isinstance(self.author, Unset):
            author = UNSET
        else:
            author = self.author

        tags: list[str] | None | Unset
        if isinstance(self.tags, Unset):
            tags = UNSET
        elif isinstance(self.tags, list):
            tags = self.tags

        else:
            tags = self.tags

        capabilities: list[str] | None | Unset
        if isinstance(self.capabilities, Unset):
            capabilities = UNSET
        elif isinstance(self.capabilities, list):
            capabilities = self.capabilities

        else:
            capabilities = self.capabilities

        enabled = self.enabled

        source_url: None | str | Unset
        if isinstance(self.source_url, Unset):
            source_url = UNSET
        else:
            source_url = self.source_url

        source_type: None | str | Unset
        if isinstance(self.source_type, Unset):
            source_type = UNSET
        elif isinstance(self.source_type, SourceType):
            source_type = self.source_type.value
        else:
            source_type = self.source_type

        source_branch: None | str | Unset
        if isinstance(self.source_branch, Unset):
            source_branch = UNSET
        else:
            source_branch = self.source_branch

        editable = self.editable

        content = self.content

        files: list[dict[str, Any]] | None | Unset
        if isinstance(self.files, Unset):
            files = UNSET
        elif isinstance(self.files, list):
            files = []
            for files_type_0_item_data in self.files:
                files_type_0_item = files_type_0_item_data.to_dict()
                files.append(files_type_0_item)

        else:
            files = self.files

        execution_environment: None | str | Unset
        if isinstance(self.execution_environment, Unset):
            execution_environment = UNSET
        else:
            execution_environment = self.execution_environment

        dependencies: list[str] | None | Unset
        if isinstance(self.dependencies, Unset):
            dependencies = UNSET
        elif isinstance(self.dependencies, list):
            dependencies = self.dependencies

        else:
            dependencies = self.dependencies

        timeout: int | None | Unset
        if isinstance(self.timeout, Unset):
            timeout = UNSET
        else:
            timeout = self.timeout

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "description": description,
                "version": version,
            }
        )
        if author is not UNSET:
            field_dict["author"] = author
        if tags is not UNSET:
            field_dict["tags"] = tags
        if capabilities is not UNSET:
            field_dict["capabilities"] = capabilities
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if source_url is not UNSET:
            field_dict["source_url"] = source_url
        if source_type is not UNSET:
            field_dict["source_type"] = source_type
        if source_branch is not UNSET:
            field_dict["source_branch"] = source_branch
        if editable is not UNSET:
            field_dict["editable"] = editable
        if content is not UNSET:
            field_dict["content"] = content
        if files is not UNSET:
            field_dict["files"] = files
        if execution_environment is not UNSET:
            field_dict["execution_environment"] = execution_environment
        if dependencies is not UNSET:
            field_dict["dependencies"] = dependencies
        if timeout is not UNSET:
            field_dict["timeout"] = timeout

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_input import FileInput  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        description = d.pop("description")

        version = d.pop("version")

        def _parse_author(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        author = _parse_author(d.pop("author", UNSET))

        def _parse_tags(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tags_type_0 = cast(list[str], data)

                return tags_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        tags = _parse_tags(d.pop("tags", UNSET))

        def _parse_capabilities(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                capabilities_type_0 = cast(list[str], data)

                return capabilities_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        capabilities = _parse_capabilities(d.pop("capabilities", UNSET))

        enabled = d.pop("enabled", UNSET)

        def _parse_source_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source_url = _parse_source_url(d.pop("source_url", UNSET))

        def _parse_source_type(data: object) -> None | SourceType | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                source_type_type_0 = SourceType(data)

                return source_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SourceType | Unset, data)

        source_type = _parse_source_type(d.pop("source_type", UNSET))

        def _parse_source_branch(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source_branch = _parse_source_branch(d.pop("source_branch", UNSET))

        editable = d.pop("editable", UNSET)

        content = d.pop("content", UNSET)

        def _parse_files(data: object) -> list[FileInput] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                files_type_0 = []
                _files_type_0 = data
                for files_type_0_item_data in _files_type_0:
                    files_type_0_item = FileInput.from_dict(files_type_0_item_data)

                    files_type_0.append(files_type_0_item)

                return files_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[FileInput] | None | Unset, data)

        files = _parse_files(d.pop("files", UNSET))

        def _parse_execution_environment(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        execution_environment = _parse_execution_environment(d.pop("execution_environment", UNSET))

        def _parse_dependencies(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                dependencies_type_0 = cast(list[str], data)

                return dependencies_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        dependencies = _parse_dependencies(d.pop("dependencies", UNSET))

        def _parse_timeout(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        timeout = _parse_timeout(d.pop("timeout", UNSET))

        create_skill_body = cls(
            id=id,
            name=name,
            description=description,
            version=version,
            author=author,
            tags=tags,
            capabilities=capabilities,
            enabled=enabled,
            source_url=source_url,
            source_type=source_type,
            source_branch=source_branch,
            editable=editable,
            content=content,
            files=files,
            execution_environment=execution_environment,
            dependencies=dependencies,
            timeout=timeout,
        )

        create_skill_body.additional_properties = d
        return create_skill_body

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
