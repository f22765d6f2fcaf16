from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="HarmedQuery")


@_attrs_define
class HarmedQuery:
    """A query of another skill for which this one comes up too.

    Attributes:
        query (str):
        owner (str):
        before (int | None):
        after (int | None):
        is_displaced (bool):
    """

    query: str
    owner: str
    before: int | None
    after: int | None
    is_displaced: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        query = self.query

        owner = self.owner

        before: int | None
        before = self.before

        after: int | None
        after = self.after

        is_displaced = self.is_displaced

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query": query,
                "owner": owner,
                "before": before,
                "after": after,
                "is_displaced": is_displaced,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        query = d.pop("query")

        owner = d.pop("owner")

        def _parse_before(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        before = _parse_before(d.pop("before"))

        def _parse_after(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        after = _parse_after(d.pop("after"))

        is_displaced = d.pop("is_displaced")

        harmed_query = cls(
            query=query,
            owner=owner,
            before=before,
            after=after,
            is_displaced=is_displaced,
        )

        harmed_query.additional_properties = d
        return harmed_query

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
