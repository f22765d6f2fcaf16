from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.skill_status import SkillStatus
from ..models.source_type import SourceType

if TYPE_CHECKING:
    from ..models.supporting_file import SupportingFile


T = TypeVar("T", bound="FoundSkill")


@_attrs_define
class FoundSkill:
    """A skill that a search found.

    Attributes:
        id (UUID):
        client_id (str): The tenant whose skill it is; `system` for the skills that all tenants share.
        name (str):
        slug (str): Made from the name; the same for all versions.
        description (None | str):
        version (int): Counts the changes, from 1.
        content (str): The text of SKILL.md.
        content_tokens (int | None): About how many tokens the content takes.
        trigger_keywords (list[str]): Words that make agents think of this skill.
        task_types (list[str]):
        domains (list[str]):
        tools (list[str]):
        source_type (SourceType): How a skill came to be.
        source_session_id (None | str): The conversation it was made in.
        parent_skill_id (None | UUID): The skill it was derived from.
        usage_count (int):
        success_count (int):
        failure_count (int):
        status (SkillStatus): Deprecated skills are kept and found by their id, but not searched.
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        last_used_at (datetime.datetime | None):
        supporting_files (list[SupportingFile]):
        marketplace_plugin_id (int | None):
        is_marketplace (bool): Installed from the marketplace.
        is_published (bool): On offer to other tenants.
        author (None | str):
        similarity (float): How near its trigger text is to the query; the best come first.
    """

    id: UUID
    client_id: str
    name: str
    slug: str
    description: None | str
    version: int
    content: str
    content_tokens: int | None
    trigger_keywords: list[str]
    task_types: list[str]
    domains: list[str]
    tools: list[str]
    source_type: SourceType
    source_session_id: None | str
    parent_skill_id: None | UUID
    usage_count: int
    success_count: int
    failure_count: int
    status: SkillStatus
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_used_at: datetime.datetime | None
    supporting_files: list[SupportingFile]
    marketplace_plugin_id: int | None
    is_marketplace: bool
    is_published: bool
    author: None | str
    similarity: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        client_id = self.client_id

        name = self.name

        slug = self.slug

        description: None | str
        description = self.description

        version = self.version

        content = self.content

        content_tokens: int | None
        content_tokens = self.content_tokens

        trigger_keywords = self.trigger_keywords

        task_types = self.task_types

        domains = self.domains

        tools = self.tools

        source_type = self.source_type.value

        source_session_id: None | str
        source_session_id = self.source_session_id

        parent_skill_id: None | str
        if isinstance(self.parent_skill_id, UUID):
            parent_skill_id = str(self.parent_skill_id)
        else:
            parent_skill_id = self.parent_skill_id

        usage_count = self.usage_count

        success_count = self.success_count

        failure_count = self.failure_count

        status = self.status.value

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        supporting_files = []
        for supporting_files_item_data in self.supporting_files:
            supporting_files_item = supporting_files_item_data.to_dict()
            supporting_files.append(supporting_files_item)

        marketplace_plugin_id: int | None
        marketplace_plugin_id = self.marketplace_plugin_id

        is_marketplace = self.is_marketplace

        is_published = self.is_published

        author: None | str
        author = self.author

        similarity = self.similarity

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "client_id": client_id,
                "name": name,
                "slug": slug,
                "description": description,
                "version": version,
                "content": content,
                "content_tokens": content_tokens,
                "trigger_keywords": trigger_keywords,
                "task_types": task_types,
                "domains": domains,
                "tools": tools,
                "source_type": source_type,
                "source_session_id": source_session_id,
                "parent_skill_id": parent_skill_id,
                "usage_count": usage_count,
                "success_count": success_count,
                "failure_count": failure_count,
                "status": status,
                "created_at": created_at,
                "updated_at": updated_at,
                "last_used_at": last_used_at,
                "supporting_files": supporting_files,
                "marketplace_plugin_id": marketplace_plugin_id,
                "is_marketplace": is_marketplace,
                "is_published": is_published,
                "author": author,
                "similarity": similarity,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.supporting_file import SupportingFile  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        client_id = d.pop("client_id")

        name = d.pop("name")

        slug = d.pop("slug")

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        version = d.pop("version")

        content = d.pop("content")

        def _parse_content_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        content_tokens = _parse_content_tokens(d.pop("content_tokens"))

        trigger_keywords = cast(list[str], d.pop("trigger_keywords"))

        task_types = cast(list[str], d.pop("task_types"))

        domains = cast(list[str], d.pop("domains"))

        tools = cast(list[str], d.pop("tools"))

        source_type = SourceType(d.pop("source_type"))

        def _parse_source_session_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source_session_id = _parse_source_session_id(d.pop("source_session_id"))

        def _parse_parent_skill_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                parent_skill_id_type_0 = UUID(data)

                return parent_skill_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        parent_skill_id = _parse_parent_skill_id(d.pop("parent_skill_id"))

        usage_count = d.pop("usage_count")

        success_count = d.pop("success_count")

        failure_count = d.pop("failure_count")

        status = SkillStatus(d.pop("status"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at"))

        supporting_files = []
        _supporting_files = d.pop("supporting_files")
        for supporting_files_item_data in _supporting_files:
            supporting_files_item = SupportingFile.from_dict(supporting_files_item_data)

            supporting_files.append(supporting_files_item)

        def _parse_marketplace_plugin_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        marketplace_plugin_id = _parse_marketplace_plugin_id(d.pop("marketplace_plugin_id"))

        is_marketplace = d.pop("is_marketplace")

        is_published = d.pop("is_published")

        def _parse_author(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        author = _parse_author(d.pop("author"))

        similarity = d.pop("similarity")

        found_skill = cls(
            id=id,
            client_id=client_id,
            name=name,
            slug=slug,
            description=description,
            version=version,
            content=content,
            content_tokens=content_tokens,
            trigger_keywords=trigger_keywords,
            task_types=task_types,
            domains=domains,
            tools=tools,
            source_type=source_type,
            source_session_id=source_session_id,
            parent_skill_id=parent_skill_id,
            usage_count=usage_count,
            success_count=success_count,
            failure_count=failure_count,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
            last_used_at=last_used_at,
            supporting_files=supporting_files,
            marketplace_plugin_id=marketplace_plugin_id,
            is_marketplace=is_marketplace,
            is_published=is_published,
            author=author,
            similarity=similarity,
        )

        found_skill.additional_properties = d
        return found_skill

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
