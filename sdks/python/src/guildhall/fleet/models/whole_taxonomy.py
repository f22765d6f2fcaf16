from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.category import Category
    from ..models.skill_name import SkillName
    from ..models.tree import Tree


T = TypeVar("T", bound="WholeTaxonomy")


@_attrs_define
class WholeTaxonomy:
    """All categories the tenant sees.

    Attributes:
        categories (list[Category]):
        skills_count (int):
        version (str): Changes with the categories.
        skills (list[SkillName]):
        taxonomy (Tree): The taxonomy in the original's form.
        total_skills (int):
        last_updated (datetime.datetime | None):
    """

    categories: list[Category]
    skills_count: int
    version: str
    skills: list[SkillName]
    taxonomy: Tree
    total_skills: int
    last_updated: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        categories = []
        for categories_item_data in self.categories:
            categories_item = categories_item_data.to_dict()
            categories.append(categories_item)

        skills_count = self.skills_count

        version = self.version

        skills = []
        for skills_item_data in self.skills:
            skills_item = skills_item_data.to_dict()
            skills.append(skills_item)

        taxonomy = self.taxonomy.to_dict()

        total_skills = self.total_skills

        last_updated: None | str
        if isinstance(self.last_updated, datetime.datetime):
            last_updated = self.last_updated.isoformat()
        else:
            last_updated = self.last_updated

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "categories": categories,
                "skills_count": skills_count,
                "version": version,
                "skills": skills,
                "taxonomy": taxonomy,
                "total_skills": total_skills,
                "last_updated": last_updated,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.category import Category  # noqa: PLC0415
        from ..models.skill_name import SkillName  # noqa: PLC0415
        from ..models.tree import Tree  # noqa: PLC0415

        d = dict(src_dict)
        categories = []
        _categories = d.pop("categories")
        for categories_item_data in _categories:
            categories_item = Category.from_dict(categories_item_data)

            categories.append(categories_item)

        skills_count = d.pop("skills_count")

        version = d.pop("version")

        skills = []
        _skills = d.pop("skills")
        for skills_item_data in _skills:
            skills_item = SkillName.from_dict(skills_item_data)

            skills.append(skills_item)

        taxonomy = Tree.from_dict(d.pop("taxonomy"))

        total_skills = d.pop("total_skills")

        def _parse_last_updated(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_updated_type_0 = datetime.datetime.fromisoformat(data)

                return last_updated_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_updated = _parse_last_updated(d.pop("last_updated"))

        whole_taxonomy = cls(
            categories=categories,
            skills_count=skills_count,
            version=version,
            skills=skills,
            taxonomy=taxonomy,
            total_skills=total_skills,
            last_updated=last_updated,
        )

        whole_taxonomy.additional_properties = d
        return whole_taxonomy

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
