from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ImproveBody")


@_attrs_define
class ImproveBody:
    """The original's bodies name a signature: its programs are none of ours, so they get the document's words.

    Attributes:
        skill_id (str):
        target_metric (str | Unset):  Default: 'trigger_rate'.
        target_value (float | Unset):  Default: 0.9.
        queries (list[str] | None | Unset):
    """

    skill_id: str
    target_metric: str | Unset = "trigger_rate"
    target_value: float | Unset = 0.9
    queries: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_id = self.skill_id

        target_metric = self.target_metric

        target_value = self.target_value

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
                "skill_id": skill_id,
            }
        )
        if target_metric is not UNSET:
            field_dict["target_metric"] = target_metric
        if target_value is not UNSET:
            field_dict["target_value"] = target_value
        if queries is not UNSET:
            field_dict["queries"] = queries

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        skill_id = d.pop("skill_id")

        target_metric = d.pop("target_metric", UNSET)

        target_value = d.pop("target_value", UNSET)

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

        improve_body = cls(
            skill_id=skill_id,
            target_metric=target_metric,
            target_value=target_value,
            queries=queries,
        )

        improve_body.additional_properties = d
        return improve_body

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
