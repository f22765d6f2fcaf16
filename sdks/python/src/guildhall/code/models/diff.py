from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.changed_field import ChangedField
    from ..models.changed_file import ChangedFile


T = TypeVar("T", bound="Diff")


@_attrs_define
class Diff:
    """What changed from one version to another.

    Attributes:
        skill_id (str):
        from_ (str):
        to (str):
        content (str): The text's changes as a unified diff; empty where there are none.
        files (list[ChangedFile]):
        fields (list[ChangedField]):
    """

    skill_id: str
    from_: str
    to: str
    content: str
    files: list[ChangedFile]
    fields: list[ChangedField]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_id = self.skill_id

        from_ = self.from_

        to = self.to

        content = self.content

        files = []
        for files_item_data in self.files:
            files_item = files_item_data.to_dict()
            files.append(files_item)

        fields = []
        for fields_item_data in self.fields:
            fields_item = fields_item_data.to_dict()
            fields.append(fields_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "skill_id": skill_id,
                "from": from_,
                "to": to,
                "content": content,
                "files": files,
                "fields": fields,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.changed_field import ChangedField  # noqa: PLC0415
        from ..models.changed_file import ChangedFile  # noqa: PLC0415

        d = dict(src_dict)
        skill_id = d.pop("skill_id")

        from_ = d.pop("from")

        to = d.pop("to")

        content = d.pop("content")

        files = []
        _files = d.pop("files")
        for files_item_data in _files:
            files_item = ChangedFile.from_dict(files_item_data)

            files.append(files_item)

        fields = []
        _fields = d.pop("fields")
        for fields_item_data in _fields:
            fields_item = ChangedField.from_dict(fields_item_data)

            fields.append(fields_item)

        diff = cls(
            skill_id=skill_id,
            from_=from_,
            to=to,
            content=content,
            files=files,
            fields=fields,
        )

        diff.additional_properties = d
        return diff

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
