from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.failing_query import FailingQuery
    from ..models.regression import Regression
    from ..models.section import Section


T = TypeVar("T", bound="AnalysisFigures")


@_attrs_define
class AnalysisFigures:
    """How a skill does; figures that were not asked for are null.

    Attributes:
        trigger_rate (float | None): The share of the queries that find it.
        token_efficiency (float | None):
        recommendations (list[str]):
        trigger_rate_interval (list[float] | None): Low and high, at 95%.
        queries (int):
        failing_queries (list[FailingQuery]):
        tokens (int | None):
        sections (list[Section]):
        regression (None | Regression):
    """

    trigger_rate: float | None
    token_efficiency: float | None
    recommendations: list[str]
    trigger_rate_interval: list[float] | None
    queries: int
    failing_queries: list[FailingQuery]
    tokens: int | None
    sections: list[Section]
    regression: None | Regression
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.regression import Regression  # noqa: PLC0415

        trigger_rate: float | None
        trigger_rate = self.trigger_rate

        token_efficiency: float | None
        token_efficiency = self.token_efficiency

        recommendations = self.recommendations

        trigger_rate_interval: list[float] | None
        if isinstance(self.trigger_rate_interval, list):
            trigger_rate_interval = self.trigger_rate_interval

        else:
            trigger_rate_interval = self.trigger_rate_interval

        queries = self.queries

        failing_queries = []
        for failing_queries_item_data in self.failing_queries:
            failing_queries_item = failing_queries_item_data.to_dict()
            failing_queries.append(failing_queries_item)

        tokens: int | None
        tokens = self.tokens

        sections = []
        for sections_item_data in self.sections:
            sections_item = sections_item_data.to_dict()
            sections.append(sections_item)

        regression: dict[str, Any] | None
        if isinstance(self.regression, Regression):
            regression = self.regression.to_dict()
        else:
            regression = self.regression

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "trigger_rate": trigger_rate,
                "token_efficiency": token_efficiency,
                "recommendations": recommendations,
                "trigger_rate_interval": trigger_rate_interval,
                "queries": queries,
                "failing_queries": failing_queries,
                "tokens": tokens,
                "sections": sections,
                "regression": regression,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failing_query import FailingQuery  # noqa: PLC0415
        from ..models.regression import Regression  # noqa: PLC0415
        from ..models.section import Section  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_trigger_rate(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        trigger_rate = _parse_trigger_rate(d.pop("trigger_rate"))

        def _parse_token_efficiency(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        token_efficiency = _parse_token_efficiency(d.pop("token_efficiency"))

        recommendations = cast(list[str], d.pop("recommendations"))

        def _parse_trigger_rate_interval(data: object) -> list[float] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                trigger_rate_interval_type_0 = cast(list[float], data)

                return trigger_rate_interval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[float] | None, data)

        trigger_rate_interval = _parse_trigger_rate_interval(d.pop("trigger_rate_interval"))

        queries = d.pop("queries")

        failing_queries = []
        _failing_queries = d.pop("failing_queries")
        for failing_queries_item_data in _failing_queries:
            failing_queries_item = FailingQuery.from_dict(failing_queries_item_data)

            failing_queries.append(failing_queries_item)

        def _parse_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        tokens = _parse_tokens(d.pop("tokens"))

        sections = []
        _sections = d.pop("sections")
        for sections_item_data in _sections:
            sections_item = Section.from_dict(sections_item_data)

            sections.append(sections_item)

        def _parse_regression(data: object) -> None | Regression:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                regression_type_0 = Regression.from_dict(data)

                return regression_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Regression, data)

        regression = _parse_regression(d.pop("regression"))

        analysis_figures = cls(
            trigger_rate=trigger_rate,
            token_efficiency=token_efficiency,
            recommendations=recommendations,
            trigger_rate_interval=trigger_rate_interval,
            queries=queries,
            failing_queries=failing_queries,
            tokens=tokens,
            sections=sections,
            regression=regression,
        )

        analysis_figures.additional_properties = d
        return analysis_figures

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
