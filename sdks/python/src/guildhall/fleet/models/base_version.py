from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BaseVersion")


@_attrs_define
class BaseVersion:
    """The version that a draft was made from.

    Attributes:
        slug (str):
        semver (str):
        content_sha256 (str):
    """

    slug: str
    semver: str
    content_sha256: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        slug = self.slug

        semver = self.semver

        content_sha256 = self.content_sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "slug": slug,
                "semver": semver,
                "content_sha256": content_sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        slug = d.pop("slug")

        semver = d.pop("semver")

        content_sha256 = d.pop("content_sha256")

        base_version = cls(
            slug=slug,
            semver=semver,
            content_sha256=content_sha256,
        )

        base_version.additional_properties = d
        return base_version

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
