from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SkillFigures")


@_attrs_define
class SkillFigures:
    """One of two skills that are compared.

    Attributes:
        skill_id (str):
        trigger_rate (float):
        trigger_rate_interval (list[float]):
        queries (int):
        tokens (int):
    """

    skill_id: str
    trigger_rate: float
    trigger_rate_interval: list[float]
    queries: int
    tokens: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_id = self.skill_id

        trigger_rate = self.trigger_rate

        trigger_rate_interval = self.trigger_rate_interval

        queries = self.queries

        tokens = self.tokens

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "skill_id": skill_id,
                "trigger_rate": trigger_rate,
                "trigger_rate_interval": trigger_rate_interval,
                "queries": queries,
                "tokens": tokens,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        skill_id = d.pop("skill_id")

        trigger_rate = d.pop("trigger_rate")

        trigger_rate_interval = cast(list[float], d.pop("trigger_rate_interval"))

        queries = d.pop("queries")

        tokens = d.pop("tokens")

        skill_figures = cls(
            skill_id=skill_id,
            trigger_rate=trigger_rate,
            trigger_rate_interval=trigger_rate_interval,
            queries=queries,
            tokens=tokens,
        )

        skill_figures.additional_properties = d
        return skill_figures

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
