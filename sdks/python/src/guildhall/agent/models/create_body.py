from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.source_type import SourceType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_input import FileInput


T = TypeVar("T", bound="CreateBody")


@_attrs_define
class CreateBody:
    """A new skill is active, whatever it says.

    Attributes:
        name (str | Unset):
        content (str | Unset):
        description (None | str | Unset):
        trigger_keywords (list[str] | None | Unset):
        task_types (list[str] | None | Unset):
        domains (list[str] | None | Unset):
        tools (list[str] | None | Unset):
        source_type (None | SourceType | Unset):
        source_session_id (None | str | Unset):
        parent_skill_id (None | Unset | UUID):
        supporting_files (list[FileInput] | None | Unset):
    """

    name: str | Unset = UNSET
    content: str | Unset = UNSET
    description: None | str | Unset = UNSET
    trigger_keywords: list[str] | None | Unset = UNSET
    task_types: list[str] | None | Unset = UNSET
    domains: list[str] | None | Unset = UNSET
    tools: list[str] | None | Unset = UNSET
    source_type: None | SourceType | Unset = UNSET
    source_session_id: None | str | Unset = UNSET
    parent_skill_id: None | Unset | UUID = UNSET
    supporting_files: list[FileInput] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        content = self.content

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        trigger_keywords: list[str] | None | Unset
        if isinstance(self.trigger_keywords, Unset):
            trigger_keywords = UNSET
        elif isinstance(self.trigger_keywords, list):
            trigger_keywords = self.trigger_keywords

        else:
            trigger_keywords = self.trigger_keywords

        task_types: list[str] | None | Unset
        if isinstance(self.task_types, Unset):
            task_types = UNSET
        elif isinstance(self.task_types, list):
            task_types = self.task_types

        else:
            task_types = self.task_types

        domains: list[str] | None | Unset
        if isinstance(self.domains, Unset):
            domains = UNSET
        elif isinstance(self.domains, list):
            domains = self.domains

        else:
            domains = self.domains

        tools: list[str] | None | Unset
        if isinstance(self.tools, Unset):
            tools = UNSET
        elif isinstance(self.tools, list):
            tools = self.tools

        else:
            tools = self.tools

        source_type: None | str | Unset
        if isinstance(self.source_type, Unset):
            source_type = UNSET
        elif isinstance(self.source_type, SourceType):
            source_type = self.source_type.value
        else:
            source_type = self.source_type

        source_session_id: None | str | Unset
        if isinstance(self.source_session_id, Unset):
            source_session_id = UNSET
        else:
            source_session_id = self.source_session_id

        parent_skill_id: None | str | Unset
        if isinstance(self.parent_skill_id, Unset):
            parent_skill_id = UNSET
        elif isinstance(self.parent_skill_id, UUID):
            parent_skill_id = str(self.parent_skill_id)
        else:
            parent_skill_id = self.parent_skill_id

        supporting_files: list[dict[str, Any]] | None | Unset
        if isinstance(self.supporting_files, Unset):
            supporting_files = UNSET
        elif isinstance(self.supporting_files, list):
            supporting_files = []
            for supporting_files_type_0_item_data in self.supporting_files:
                supporting_files_type_0_item = supporting_files_type_0_item_data.to_dict()
                supporting_files.append(supporting_files_type_0_item)

        else:
            supporting_files = self.supporting_files

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if content is not UNSET:
            field_dict["content"] = content
        if description is not UNSET:
            field_dict["description"] = description
        if trigger_keywords is not UNSET:
            field_dict["trigger_keywords"] = trigger_keywords
        if task_types is not UNSET:
            field_dict["task_types"] = task_types
        if domains is not UNSET:
            field_dict["domains"] = domains
        if tools is not UNSET:
            field_dict["tools"] = tools
        if source_type is not UNSET:
            field_dict["source_type"] = source_type
        if source_session_id is not UNSET:
            field_dict["source_session_id"] = source_session_id
        if parent_skill_id is not UNSET:
            field_dict["parent_skill_id"] = parent_skill_id
        if supporting_files is not UNSET:
            field_dict["supporting_files"] = supporting_files

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_input import FileInput  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        content = d.pop("content", UNSET)

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_trigger_keywords(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                trigger_keywords_type_0 = cast(list[str], data)

                return trigger_keywords_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        trigger_keywords = _parse_trigger_keywords(d.pop("trigger_keywords", UNSET))

        def _parse_task_types(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                task_types_type_0 = cast(list[str], data)

                return task_types_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        task_types = _parse_task_types(d.pop("task_types", UNSET))

        def _parse_domains(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                domains_type_0 = cast(list[str], data)

                return domains_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        domains = _parse_domains(d.pop("domains", UNSET))

        def _parse_tools(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tools_type_0 = cast(list[str], data)

                return tools_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        tools = _parse_tools(d.pop("tools", UNSET))

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

        def _parse_source_session_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        source_session_id = _parse_source_session_id(d.pop("source_session_id", UNSET))

        def _parse_parent_skill_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                parent_skill_id_type_0 = UUID(data)

                return parent_skill_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        parent_skill_id = _parse_parent_skill_id(d.pop("parent_skill_id", UNSET))

        def _parse_supporting_files(data: object) -> list[FileInput] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                supporting_files_type_0 = []
                _supporting_files_type_0 = data
                for supporting_files_type_0_item_data in _supporting_files_type_0:
                    supporting_files_type_0_item = FileInput.from_dict(supporting_files_type_0_item_data)

                    supporting_files_type_0.append(supporting_files_type_0_item)

                return supporting_files_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[FileInput] | None | Unset, data)

        supporting_files = _parse_supporting_files(d.pop("supporting_files", UNSET))

        create_body = cls(
            name=name,
            content=content,
            description=description,
            trigger_keywords=trigger_keywords,
            task_types=task_types,
            domains=domains,
            tools=tools,
            source_type=source_type,
            source_session_id=source_session_id,
            parent_skill_id=parent_skill_id,
            supporting_files=supporting_files,
        )

        create_body.additional_properties = d
        return create_body

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
