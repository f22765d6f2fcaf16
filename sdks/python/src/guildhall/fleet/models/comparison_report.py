from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.comparison_figures import ComparisonFigures


T = TypeVar("T", bound="ComparisonReport")


@_attrs_define
class ComparisonReport:
    """How two skills compare.

    Attributes:
        comparison (ComparisonFigures): How two skills compare.
    """

    comparison: ComparisonFigures
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        comparison = self.comparison.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "comparison": comparison,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparison_figures import ComparisonFigures  # noqa: PLC0415

        d = dict(src_dict)
        comparison = ComparisonFigures.from_dict(d.pop("comparison"))

        comparison_report = cls(
            comparison=comparison,
        )

        comparison_report.additional_properties = d
        return comparison_report

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
