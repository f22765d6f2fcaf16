from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FailingQuery")


@_attrs_define
class FailingQuery:
    """A query that should find the skill and does not.

    Attributes:
        query (str):
        source (str): Who says that it should.
        place (int | None): Where the skill comes, from 1; null beyond the tenth place.
        stolen_by (None | str): The skill that is on top instead.
    """

    query: str
    source: str
    place: int | None
    stolen_by: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        query = self.query

        source = self.source

        place: int | None
        place = self.place

        stolen_by: None | str
        stolen_by = self.stolen_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query": query,
                "source": source,
                "place": place,
                "stolen_by": stolen_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        query = d.pop("query")

        source = d.pop("source")

        def _parse_place(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        place = _parse_place(d.pop("place"))

        def _parse_stolen_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stolen_by = _parse_stolen_by(d.pop("stolen_by"))

        failing_query = cls(
            query=query,
            source=source,
            place=place,
            stolen_by=stolen_by,
        )

        failing_query.additional_properties = d
        return failing_query

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
