from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="File")


@_attrs_define
class File:
    """A file beside SKILL.md.

    Attributes:
        path (str): Relative to the skill's folder.
        filename (str):
        content (str): The text, or base64 where `encoding` says so.
        size (int):
        sha (str):
        encoding (str | Unset): `base64` for what is no UTF-8 text; absent otherwise.
        executable (bool | Unset): True for programs; absent otherwise.
    """

    path: str
    filename: str
    content: str
    size: int
    sha: str
    encoding: str | Unset = UNSET
    executable: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        filename = self.filename

        content = self.content

        size = self.size

        sha = self.sha

        encoding = self.encoding

        executable = self.executable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "path": path,
                "filename": filename,
                "content": content,
                "size": size,
                "sha": sha,
            }
        )
        if encoding is not UNSET:
            field_dict["encoding"] = encoding
        if executable is not UNSET:
            field_dict["executable"] = executable

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        filename = d.pop("filename")

        content = d.pop("content")

        size = d.pop("size")

        sha = d.pop("sha")

        encoding = d.pop("encoding", UNSET)

        executable = d.pop("executable", UNSET)

        file = cls(
            path=path,
            filename=filename,
            content=content,
            size=size,
            sha=sha,
            encoding=encoding,
            executable=executable,
        )

        file.additional_properties = d
        return file

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
