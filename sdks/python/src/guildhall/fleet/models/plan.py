from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.plan_estimated_length import PlanEstimatedLength
from ..types import UNSET, Unset

T = TypeVar("T", bound="Plan")


@_attrs_define
class Plan:
    """What the writer meant to write.

    Attributes:
        name (str):
        title (str):
        description (str):
        outline (list[str]):
        success_criteria (list[str]):
        trigger_keywords (list[str]):
        tags (list[str]):
        assumptions (list[str]):
        estimated_length (PlanEstimatedLength | Unset):
    """

    name: str
    title: str
    description: str
    outline: list[str]
    success_criteria: list[str]
    trigger_keywords: list[str]
    tags: list[str]
    assumptions: list[str]
    estimated_length: PlanEstimatedLength | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        title = self.title

        description = self.description

        outline = self.outline

        success_criteria = self.success_criteria

        trigger_keywords = self.trigger_keywords

        tags = self.tags

        assumptions = self.assumptions

        estimated_length: str | Unset = UNSET
        if not isinstance(self.estimated_length, Unset):
            estimated_length = self.estimated_length.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "title": title,
                "description": description,
                "outline": outline,
                "success_criteria": success_criteria,
                "trigger_keywords": trigger_keywords,
                "tags": tags,
                "assumptions": assumptions,
            }
        )
        if estimated_length is not UNSET:
            field_dict["estimated_length"] = estimated_length

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        title = d.pop("title")

        description = d.pop("description")

        outline = cast(list[str], d.pop("outline"))

        success_criteria = cast(list[str], d.pop("success_criteria"))

        trigger_keywords = cast(list[str], d.pop("trigger_keywords"))

        tags = cast(list[str], d.pop("tags"))

        assumptions = cast(list[str], d.pop("assumptions"))

        _estimated_length = d.pop("estimated_length", UNSET)
        estimated_length: PlanEstimatedLength | Unset
        if isinstance(_estimated_length, Unset):
            estimated_length = UNSET
        else:
            estimated_length = PlanEstimatedLength(_estimated_length)

        plan = cls(
            name=name,
            title=title,
            description=description,
            outline=outline,
            success_criteria=success_criteria,
            trigger_keywords=trigger_keywords,
            tags=tags,
            assumptions=assumptions,
            estimated_length=estimated_length,
        )

        plan.additional_properties = d
        return plan

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
