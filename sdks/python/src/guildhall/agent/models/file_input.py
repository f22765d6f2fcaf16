from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_input_encoding import FileInputEncoding
from ..types import UNSET, Unset

T = TypeVar("T", bound="FileInput")


@_attrs_define
class FileInput:
    """A file beside SKILL.md.

    Attributes:
        path (str): Relative to the skill's folder: `scripts/run.sh`.
        content (str): The text, or base64 where `encoding` says so.
        filename (str | Unset): The last part of `path`; may be left out.
        size (int | Unset): In bytes; counted here where it is not sent.
        sha (str | Unset): The sender's own digest; SHA-256, computed here, where none is sent.
        encoding (FileInputEncoding | Unset): Of `content` that is no UTF-8 text.
        executable (bool | Unset): Whether the file is a program.
    """

    path: str
    content: str
    filename: str | Unset = UNSET
    size: int | Unset = UNSET
    sha: str | Unset = UNSET
    encoding: FileInputEncoding | Unset = UNSET
    executable: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        content = self.content

        filename = self.filename

        size = self.size

        sha = self.sha

        encoding: str | Unset = UNSET
        if not isinstance(self.encoding, Unset):
            encoding = self.encoding.value

        executable = self.executable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "path": path,
                "content": content,
            }
        )
        if filename is not UNSET:
            field_dict["filename"] = filename
        if size is not UNSET:
            field_dict["size"] = size
        if sha is not UNSET:
            field_dict["sha"] = sha
        if encoding is not UNSET:
            field_dict["encoding"] = encoding
        if executable is not UNSET:
            field_dict["executable"] = executable

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        content = d.pop("content")

        filename = d.pop("filename", UNSET)

        size = d.pop("size", UNSET)

        sha = d.pop("sha", UNSET)

        _encoding = d.pop("encoding", UNSET)
        encoding: FileInputEncoding | Unset
        if isinstance(_encoding, Unset):
            encoding = UNSET
        else:
            encoding = FileInputEncoding(_encoding)

        executable = d.pop("executable", UNSET)

        file_input = cls(
            path=path,
            content=content,
            filename=filename,
            size=size,
            sha=sha,
            encoding=encoding,
            executable=executable,
        )

        file_input.additional_properties = d
        return file_input

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
