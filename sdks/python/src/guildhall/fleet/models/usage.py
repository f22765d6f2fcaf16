from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.combination import Combination


T = TypeVar("T", bound="Usage")


@_attrs_define
class Usage:
    """How skills are used.

    Attributes:
        total_events (int):
        unique_skills_used (int):
        success_rate (float):
        most_used_skills (list[list[int | str]]): Pairs of skill and uses, the most used first.
        common_combinations (list[Combination]):
        cold_skills (list[str]): Skills that nobody uses.
    """

    total_events: int
    unique_skills_used: int
    success_rate: float
    most_used_skills: list[list[int | str]]
    common_combinations: list[Combination]
    cold_skills: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        total_events = self.total_events

        unique_skills_used = self.unique_skills_used

        success_rate = self.success_rate

        most_used_skills = []
        for most_used_skills_item_data in self.most_used_skills:
            most_used_skills_item = []
            for most_used_skills_item_item_data in most_used_skills_item_data:
                most_used_skills_item_item: int | str
                most_used_skills_item_item = most_used_skills_item_item_data
                most_used_skills_item.append(most_used_skills_item_item)

            most_used_skills.append(most_used_skills_item)

        common_combinations = []
        for common_combinations_item_data in self.common_combinations:
            common_combinations_item = common_combinations_item_data.to_dict()
            common_combinations.append(common_combinations_item)

        cold_skills = self.cold_skills

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "total_events": total_events,
                "unique_skills_used": unique_skills_used,
                "success_rate": success_rate,
                "most_used_skills": most_used_skills,
                "common_combinations": common_combinations,
                "cold_skills": cold_skills,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.combination import Combination  # noqa: PLC0415

        d = dict(src_dict)
        total_events = d.pop("total_events")

        unique_skills_used = d.pop("unique_skills_used")

        success_rate = d.pop("success_rate")

        most_used_skills = []
        _most_used_skills = d.pop("most_used_skills")
        for most_used_skills_item_data in _most_used_skills:
            most_used_skills_item = []
            _most_used_skills_item = most_used_skills_item_data
            for most_used_skills_item_item_data in _most_used_skills_item:

                def _parse_most_used_skills_item_item(data: object) -> int | str:
                    return cast(int | str, data)

                most_used_skills_item_item = _parse_most_used_skills_item_item(most_used_skills_item_item_data)

                most_used_skills_item.append(most_used_skills_item_item)

            most_used_skills.append(most_used_skills_item)

        common_combinations = []
        _common_combinations = d.pop("common_combinations")
        for common_combinations_item_data in _common_combinations:
            common_combinations_item = Combination.from_dict(common_combinations_item_data)

            common_combinations.append(common_combinations_item)

        cold_skills = cast(list[str], d.pop("cold_skills"))

        usage = cls(
            total_events=total_events,
            unique_skills_used=unique_skills_used,
            success_rate=success_rate,
            most_used_skills=most_used_skills,
            common_combinations=common_combinations,
            cold_skills=cold_skills,
        )

        usage.additional_properties = d
        return usage

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
