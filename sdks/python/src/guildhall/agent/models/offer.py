from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Offer")


@_attrs_define
class Offer:
    """A skill of the marketplace, without its content.

    Attributes:
        skill_id (UUID):
        name (str):
        description (None | str):
        domains (list[str]):
        trigger_keywords (list[str]):
        content_tokens (int | None):
        author (None | str):
        source_client_id (str): The tenant that offers it.
        plugin_id (int | None):
        similarity (float):
    """

    skill_id: UUID
    name: str
    description: None | str
    domains: list[str]
    trigger_keywords: list[str]
    content_tokens: int | None
    author: None | str
    source_client_id: str
    plugin_id: int | None
    similarity: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_id = str(self.skill_id)

        name = self.name

        description: None | str
        description = self.description

        domains = self.domains

        trigger_keywords = self.trigger_keywords

        content_tokens: int | None
        content_tokens = self.content_tokens

        author: None | str
        author = self.author

        source_client_id = self.source_client_id

        plugin_id: int | None
        plugin_id = self.plugin_id

        similarity = self.similarity

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "skillId": skill_id,
                "name": name,
                "description": description,
                "domains": domains,
                "trigger_keywords": trigger_keywords,
                "content_tokens": content_tokens,
                "author": author,
                "sourceClientId": source_client_id,
                "pluginId": plugin_id,
                "similarity": similarity,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        skill_id = UUID(d.pop("skillId"))

        name = d.pop("name")

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        domains = cast(list[str], d.pop("domains"))

        trigger_keywords = cast(list[str], d.pop("trigger_keywords"))

        def _parse_content_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        content_tokens = _parse_content_tokens(d.pop("content_tokens"))

        def _parse_author(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        author = _parse_author(d.pop("author"))

        source_client_id = d.pop("sourceClientId")

        def _parse_plugin_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        plugin_id = _parse_plugin_id(d.pop("pluginId"))

        similarity = d.pop("similarity")

        offer = cls(
            skill_id=skill_id,
            name=name,
            description=description,
            domains=domains,
            trigger_keywords=trigger_keywords,
            content_tokens=content_tokens,
            author=author,
            source_client_id=source_client_id,
            plugin_id=plugin_id,
            similarity=similarity,
        )

        offer.additional_properties = d
        return offer

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
