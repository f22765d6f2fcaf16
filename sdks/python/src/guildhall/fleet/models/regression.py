from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Regression")


@_attrs_define
class Regression:
    """An earlier description found what the present one does not.

    Attributes:
        since_version (str):
        trigger_rate_before (float):
        trigger_rate_now (float):
        lost_queries (list[str]):
    """

    since_version: str
    trigger_rate_before: float
    trigger_rate_now: float
    lost_queries: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        since_version = self.since_version

        trigger_rate_before = self.trigger_rate_before

        trigger_rate_now = self.trigger_rate_now

        lost_queries = self.lost_queries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "since_version": since_version,
                "trigger_rate_before": trigger_rate_before,
                "trigger_rate_now": trigger_rate_now,
                "lost_queries": lost_queries,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        since_version = d.pop("since_version")

        trigger_rate_before = d.pop("trigger_rate_before")

        trigger_rate_now = d.pop("trigger_rate_now")

        lost_queries = cast(list[str], d.pop("lost_queries"))

        regression = cls(
            since_version=since_version,
            trigger_rate_before=trigger_rate_before,
            trigger_rate_now=trigger_rate_now,
            lost_queries=lost_queries,
        )

        regression.additional_properties = d
        return regression

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
