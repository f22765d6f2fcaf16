from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MeasuredFigures")


@_attrs_define
class MeasuredFigures:
    """How a text is found, and what it costs.

    Attributes:
        trigger_rate (float):
        interval (list[float]): Low and high, at 95%.
        found (int):
        queries (int):
        tokens (int):
    """

    trigger_rate: float
    interval: list[float]
    found: int
    queries: int
    tokens: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        trigger_rate = self.trigger_rate

        interval = self.interval

        found = self.found

        queries = self.queries

        tokens = self.tokens

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "trigger_rate": trigger_rate,
                "interval": interval,
                "found": found,
                "queries": queries,
                "tokens": tokens,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        trigger_rate = d.pop("trigger_rate")

        interval = cast(list[float], d.pop("interval"))

        found = d.pop("found")

        queries = d.pop("queries")

        tokens = d.pop("tokens")

        measured_figures = cls(
            trigger_rate=trigger_rate,
            interval=interval,
            found=found,
            queries=queries,
            tokens=tokens,
        )

        measured_figures.additional_properties = d
        return measured_figures

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
