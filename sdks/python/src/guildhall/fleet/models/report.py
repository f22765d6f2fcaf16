from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict

if TYPE_CHECKING:
    from ..models.rule_check import RuleCheck


T = TypeVar("T", bound="Report")


@_attrs_define
class Report:
    """How a skill meets the rules.

    Attributes:
        passed (bool):
        status (Verdict): Whether the rules are met.
        score (float): How good the text is; without judgement 1 or 0.
        errors (list[str]):
        warnings (list[str]):
        checks (list[RuleCheck]):
    """

    passed: bool
    status: Verdict
    score: float
    errors: list[str]
    warnings: list[str]
    checks: list[RuleCheck]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        passed = self.passed

        status = self.status.value

        score = self.score

        errors = self.errors

        warnings = self.warnings

        checks = []
        for checks_item_data in self.checks:
            checks_item = checks_item_data.to_dict()
            checks.append(checks_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "passed": passed,
                "status": status,
                "score": score,
                "errors": errors,
                "warnings": warnings,
                "checks": checks,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rule_check import RuleCheck  # noqa: PLC0415

        d = dict(src_dict)
        passed = d.pop("passed")

        status = Verdict(d.pop("status"))

        score = d.pop("score")

        errors = cast(list[str], d.pop("errors"))

        warnings = cast(list[str], d.pop("warnings"))

        checks = []
        _checks = d.pop("checks")
        for checks_item_data in _checks:
            checks_item = RuleCheck.from_dict(checks_item_data)

            checks.append(checks_item)

        report = cls(
            passed=passed,
            status=status,
            score=score,
            errors=errors,
            warnings=warnings,
            checks=checks,
        )

        report.additional_properties = d
        return report

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
