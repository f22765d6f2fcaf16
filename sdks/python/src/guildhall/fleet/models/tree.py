from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.structure import Structure


T = TypeVar("T", bound="Tree")


@_attrs_define
class Tree:
    """The taxonomy in the original's form.

    Attributes:
        structure (Structure): Categories as nested objects: the path `technical/programming` is `{"technical":
            {"programming": {}}}`.
        domains (list[str]): The ids of the categories on top.
        categories (list[str]):
    """

    structure: Structure
    domains: list[str]
    categories: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        structure = self.structure.to_dict()

        domains = self.domains

        categories = self.categories

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "structure": structure,
                "domains": domains,
                "categories": categories,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.structure import Structure  # noqa: PLC0415

        d = dict(src_dict)
        structure = Structure.from_dict(d.pop("structure"))

        domains = cast(list[str], d.pop("domains"))

        categories = cast(list[str], d.pop("categories"))

        tree = cls(
            structure=structure,
            domains=domains,
            categories=categories,
        )

        tree.additional_properties = d
        return tree

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
