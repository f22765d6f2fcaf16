from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_input import FileInput


T = TypeVar("T", bound="CreateVersionBody")


@_attrs_define
class CreateVersionBody:
    """A new version; what is not named is the skill's.

    Attributes:
        version (str): MAJOR.MINOR.PATCH by SemVer 2.0.0.
        description (str | Unset):
        changes (list[str] | None | Unset):
        content (str | Unset):
        files (list[FileInput] | None | Unset):
    """

    version: str
    description: str | Unset = UNSET
    changes: list[str] | None | Unset = UNSET
    content: str | Unset = UNSET
    files: list[FileInput] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        description = self.description

        changes: list[str] | None | Unset
        if isinstance(self.changes, Unset):
            changes = UNSET
        elif isinstance(self.changes, list):
            changes = self.changes

        else:
            changes = self.changes

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

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if changes is not UNSET:
            field_dict["changes"] = changes
        if content is not UNSET:
            field_dict["content"] = content
        if files is not UNSET:
            field_dict["files"] = files

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_input import FileInput  # noqa: PLC0415

        d = dict(src_dict)
        version = d.pop("version")

        description = d.pop("description", UNSET)

        def _parse_changes(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                changes_type_0 = cast(list[str], data)

                return changes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        changes = _parse_changes(d.pop("changes", UNSET))

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

        create_version_body = cls(
            version=version,
            description=description,
            changes=changes,
            content=content,
            files=files,
        )

        create_version_body.additional_properties = d
        return create_version_body

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
