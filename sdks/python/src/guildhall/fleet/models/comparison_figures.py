from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.skill_figures import SkillFigures


T = TypeVar("T", bound="ComparisonFigures")


@_attrs_define
class ComparisonFigures:
    """How two skills compare.

    Attributes:
        trigger_rate_improvement (float):
        token_reduction (float):
        overall_better (bool):
        reason (str):
        baseline (SkillFigures): One of two skills that are compared.
        improved (SkillFigures): One of two skills that are compared.
    """

    trigger_rate_improvement: float
    token_reduction: float
    overall_better: bool
    reason: str
    baseline: SkillFigures
    improved: SkillFigures
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        trigger_rate_improvement = self.trigger_rate_improvement

        token_reduction = self.token_reduction

        overall_better = self.overall_better

        reason = self.reason

        baseline = self.baseline.to_dict()

        improved = self.improved.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "trigger_rate_improvement": trigger_rate_improvement,
                "token_reduction": token_reduction,
                "overall_better": overall_better,
                "reason": reason,
                "baseline": baseline,
                "improved": improved,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.skill_figures import SkillFigures  # noqa: PLC0415

        d = dict(src_dict)
        trigger_rate_improvement = d.pop("trigger_rate_improvement")

        token_reduction = d.pop("token_reduction")

        overall_better = d.pop("overall_better")

        reason = d.pop("reason")

        baseline = SkillFigures.from_dict(d.pop("baseline"))

        improved = SkillFigures.from_dict(d.pop("improved"))

        comparison_figures = cls(
            trigger_rate_improvement=trigger_rate_improvement,
            token_reduction=token_reduction,
            overall_better=overall_better,
            reason=reason,
            baseline=baseline,
            improved=improved,
        )

        comparison_figures.additional_properties = d
        return comparison_figures

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
