from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ValidateContentBody")


@_attrs_define
class ValidateContentBody:
    """A text, or a stored skill whose text is meant.

    Attributes:
        content (None | str | Unset):
        skill_id (None | str | Unset):  Default: ''.
        taxonomy_path (None | str | Unset):  Default: ''.
    """

    content: None | str | Unset = UNSET
    skill_id: None | str | Unset = ""
    taxonomy_path: None | str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content: None | str | Unset
        if isinstance(self.content, Unset):
            content = UNSET
        else:
            content = self.content

        skill_id: None | str | Unset
        if isinstance(self.skill_id, Unset):
            skill_id = UNSET
        else:
            skill_id = self.skill_id

        taxonomy_path: None | str | Unset
        if isinstance(self.taxonomy_path, Unset):
            taxonomy_path = UNSET
        else:
            taxonomy_path = self.taxonomy_path

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if content is not UNSET:
            field_dict["content"] = content
        if skill_id is not UNSET:
            field_dict["skill_id"] = skill_id
        if taxonomy_path is not UNSET:
            field_dict["taxonomy_path"] = taxonomy_path

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_content(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        content = _parse_content(d.pop("content", UNSET))

        def _parse_skill_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        skill_id = _parse_skill_id(d.pop("skill_id", UNSET))

        def _parse_taxonomy_path(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        taxonomy_path = _parse_taxonomy_path(d.pop("taxonomy_path", UNSET))

        validate_content_body = cls(
            content=content,
            skill_id=skill_id,
            taxonomy_path=taxonomy_path,
        )

        validate_content_body.additional_properties = d
        return validate_content_body

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
