from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SavedCategory")


@_attrs_define
class SavedCategory:
    """The category as it is now.

    Attributes:
        status (Literal['updated']):
        id (str):
        name (str):
        parent (None | str):
        description (str):
        path (str):
    """

    status: Literal["updated"]
    id: str
    name: str
    parent: None | str
    description: str
    path: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        id = self.id

        name = self.name

        parent: None | str
        parent = self.parent

        description = self.description

        path = self.path

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "id": id,
                "name": name,
                "parent": parent,
                "description": description,
                "path": path,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = cast(Literal["updated"], d.pop("status"))
        if status != "updated":
            raise ValueError(f"status must match const 'updated', got '{status}'")

        id = d.pop("id")

        name = d.pop("name")

        def _parse_parent(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        parent = _parse_parent(d.pop("parent"))

        description = d.pop("description")

        path = d.pop("path")

        saved_category = cls(
            status=status,
            id=id,
            name=name,
            parent=parent,
            description=description,
            path=path,
        )

        saved_category.additional_properties = d
        return saved_category

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
