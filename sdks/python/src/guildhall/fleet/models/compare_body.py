from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CompareBody")


@_attrs_define
class CompareBody:
    """Two skills, and queries beside their own.

    Attributes:
        baseline_skill_id (str):
        improved_skill_id (str):
        queries (list[str] | None | Unset):
    """

    baseline_skill_id: str
    improved_skill_id: str
    queries: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        baseline_skill_id = self.baseline_skill_id

        improved_skill_id = self.improved_skill_id

        queries: list[str] | None | Unset
        if isinstance(self.queries, Unset):
            queries = UNSET
        elif isinstance(self.queries, list):
            queries = self.queries

        else:
            queries = self.queries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "baseline_skill_id": baseline_skill_id,
                "improved_skill_id": improved_skill_id,
            }
        )
        if queries is not UNSET:
            field_dict["queries"] = queries

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        baseline_skill_id = d.pop("baseline_skill_id")

        improved_skill_id = d.pop("improved_skill_id")

        def _parse_queries(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                queries_type_0 = cast(list[str], data)

                return queries_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        queries = _parse_queries(d.pop("queries", UNSET))

        compare_body = cls(
            baseline_skill_id=baseline_skill_id,
            improved_skill_id=improved_skill_id,
            queries=queries,
        )

        compare_body.additional_properties = d
        return compare_body

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
