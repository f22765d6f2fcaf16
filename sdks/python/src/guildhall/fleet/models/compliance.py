from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict

if TYPE_CHECKING:
    from ..models.finding import Finding


T = TypeVar("T", bound="Compliance")


@_attrs_define
class Compliance:
    """How a text meets the rules of its place.

    Attributes:
        passed (bool):
        compliance_score (float):
        issues (list[str]):
        warnings (list[str]):
        status (Verdict): Whether the rules are met.
        score (float): The same as `compliance_score`.
        recommendations (list[str]):
        findings (list[Finding]):
    """

    passed: bool
    compliance_score: float
    issues: list[str]
    warnings: list[str]
    status: Verdict
    score: float
    recommendations: list[str]
    findings: list[Finding]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        passed = self.passed

        compliance_score = self.compliance_score

        issues = self.issues

        warnings = self.warnings

        status = self.status.value

        score = self.score

        recommendations = self.recommendations

        findings = []
        for findings_item_data in self.findings:
            findings_item = findings_item_data.to_dict()
            findings.append(findings_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "passed": passed,
                "compliance_score": compliance_score,
                "issues": issues,
                "warnings": warnings,
                "status": status,
                "score": score,
                "recommendations": recommendations,
                "findings": findings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.finding import Finding  # noqa: PLC0415

        d = dict(src_dict)
        passed = d.pop("passed")

        compliance_score = d.pop("compliance_score")

        issues = cast(list[str], d.pop("issues"))

        warnings = cast(list[str], d.pop("warnings"))

        status = Verdict(d.pop("status"))

        score = d.pop("score")

        recommendations = cast(list[str], d.pop("recommendations"))

        findings = []
        _findings = d.pop("findings")
        for findings_item_data in _findings:
            findings_item = Finding.from_dict(findings_item_data)

            findings.append(findings_item)

        compliance = cls(
            passed=passed,
            compliance_score=compliance_score,
            issues=issues,
            warnings=warnings,
            status=status,
            score=score,
            recommendations=recommendations,
            findings=findings,
        )

        compliance.additional_properties = d
        return compliance

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
