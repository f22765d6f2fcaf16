from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.adaptation import Adaptation
    from ..models.category import Category
    from ..models.mounted_stats import MountedStats
    from ..models.mounted_taxonomy import MountedTaxonomy


T = TypeVar("T", bound="UserTaxonomy")


@_attrs_define
class UserTaxonomy:
    """The taxonomy as a user adapted it.

    Attributes:
        user_id (str):
        adapted_taxonomy (Adaptation): What comes first and what is left out for a user.
        categories (list[Category]):
        version (str):
        taxonomy (MountedTaxonomy): A user's taxonomy in the original's form.
        adapted_categories (list[str]):
        usage_stats (MountedStats): A user's taxonomy in figures.
    """

    user_id: str
    adapted_taxonomy: Adaptation
    categories: list[Category]
    version: str
    taxonomy: MountedTaxonomy
    adapted_categories: list[str]
    usage_stats: MountedStats
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        user_id = self.user_id

        adapted_taxonomy = self.adapted_taxonomy.to_dict()

        categories = []
        for categories_item_data in self.categories:
            categories_item = categories_item_data.to_dict()
            categories.append(categories_item)

        version = self.version

        taxonomy = self.taxonomy.to_dict()

        adapted_categories = self.adapted_categories

        usage_stats = self.usage_stats.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "user_id": user_id,
                "adapted_taxonomy": adapted_taxonomy,
                "categories": categories,
                "version": version,
                "taxonomy": taxonomy,
                "adapted_categories": adapted_categories,
                "usage_stats": usage_stats,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.adaptation import Adaptation  # noqa: PLC0415
        from ..models.category import Category  # noqa: PLC0415
        from ..models.mounted_stats import MountedStats  # noqa: PLC0415
        from ..models.mounted_taxonomy import MountedTaxonomy  # noqa: PLC0415

        d = dict(src_dict)
        user_id = d.pop("user_id")

        adapted_taxonomy = Adaptation.from_dict(d.pop("adapted_taxonomy"))

        categories = []
        _categories = d.pop("categories")
        for categories_item_data in _categories:
            categories_item = Category.from_dict(categories_item_data)

            categories.append(categories_item)

        version = d.pop("version")

        taxonomy = MountedTaxonomy.from_dict(d.pop("taxonomy"))

        adapted_categories = cast(list[str], d.pop("adapted_categories"))

        usage_stats = MountedStats.from_dict(d.pop("usage_stats"))

        user_taxonomy = cls(
            user_id=user_id,
            adapted_taxonomy=adapted_taxonomy,
            categories=categories,
            version=version,
            taxonomy=taxonomy,
            adapted_categories=adapted_categories,
            usage_stats=usage_stats,
        )

        user_taxonomy.additional_properties = d
        return user_taxonomy

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
