from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.base_version import BaseVersion
    from ..models.draft_report_layers import DraftReportLayers
    from ..models.optimization import Optimization
    from ..models.quality import Quality
    from ..models.rule_check import RuleCheck
    from ..models.rule_finding import RuleFinding


T = TypeVar("T", bound="DraftReport")


@_attrs_define
class DraftReport:
    """How a draft meets the rules.

    Attributes:
        passed (bool | Unset):
        score (float | Unset):
        status (Verdict | Unset): Whether the rules are met.
        errors (list[str] | Unset):
        warnings (list[str] | Unset):
        findings (list[RuleFinding] | Unset):
        checks (list[RuleCheck] | Unset):
        layers (DraftReportLayers | Unset): Whether each layer of rules is met.
        quality (Quality | Unset): How good the text reads, each figure from 0 to 1.
        trigger_coverage (float | Unset):
        notes (list[str] | Unset): Of a refinement: what became of the feedback.
        base (BaseVersion | Unset): The version that a draft was made from.
        optimization (Optimization | Unset): What measuring led to.
    """

    passed: bool | Unset = UNSET
    score: float | Unset = UNSET
    status: Verdict | Unset = UNSET
    errors: list[str] | Unset = UNSET
    warnings: list[str] | Unset = UNSET
    findings: list[RuleFinding] | Unset = UNSET
    checks: list[RuleCheck] | Unset = UNSET
    layers: DraftReportLayers | Unset = UNSET
    quality: Quality | Unset = UNSET
    trigger_coverage: float | Unset = UNSET
    notes: list[str] | Unset = UNSET
    base: BaseVersion | Unset = UNSET
    optimization: Optimization | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        passed = self.passed

        score = self.score

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        errors: list[str] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = self.errors

        warnings: list[str] | Unset = UNSET
        if not isinstance(self.warnings, Unset):
            warnings = self.warnings

        findings: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.findings, Unset):
            findings = []
            for findings_item_data in self.findings:
                findings_item = findings_item_data.to_dict()
                findings.append(findings_item)

        checks: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.checks, Unset):
            checks = []
            for checks_item_data in self.checks:
                checks_item = checks_item_data.to_dict()
                checks.append(checks_item)

        layers: dict[str, Any] | Unset = UNSET
        if not isinstance(self.layers, Unset):
            layers = self.layers.to_dict()

        quality: dict[str, Any] | Unset = UNSET
        if not isinstance(self.quality, Unset):
            quality = self.quality.to_dict()

        trigger_coverage = self.trigger_coverage

        notes: list[str] | Unset = UNSET
        if not isinstance(self.notes, Unset):
            notes = self.notes

        base: dict[str, Any] | Unset = UNSET
        if not isinstance(self.base, Unset):
            base = self.base.to_dict()

        optimization: dict[str, Any] | Unset = UNSET
        if not isinstance(self.optimization, Unset):
            optimization = self.optimization.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if passed is not UNSET:
            field_dict["passed"] = passed
        if score is not UNSET:
            field_dict["score"] = score
        if status is not UNSET:
            field_dict["status"] = status
        if errors is not UNSET:
            field_dict["errors"] = errors
        if warnings is not UNSET:
            field_dict["warnings"] = warnings
        if findings is not UNSET:
            field_dict["findings"] = findings
        if checks is not UNSET:
            field_dict["checks"] = checks
        if layers is not UNSET:
            field_dict["layers"] = layers
        if quality is not UNSET:
            field_dict["quality"] = quality
        if trigger_coverage is not UNSET:
            field_dict["trigger_coverage"] = trigger_coverage
        if notes is not UNSET:
            field_dict["notes"] = notes
        if base is not UNSET:
            field_dict["base"] = base
        if optimization is not UNSET:
            field_dict["optimization"] = optimization

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.base_version import BaseVersion  # noqa: PLC0415
        from ..models.draft_report_layers import DraftReportLayers  # noqa: PLC0415
        from ..models.optimization import Optimization  # noqa: PLC0415
        from ..models.quality import Quality  # noqa: PLC0415
        from ..models.rule_check import RuleCheck  # noqa: PLC0415
        from ..models.rule_finding import RuleFinding  # noqa: PLC0415

        d = dict(src_dict)
        passed = d.pop("passed", UNSET)

        score = d.pop("score", UNSET)

        _status = d.pop("status", UNSET)
        status: Verdict | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = Verdict(_status)

        errors = cast(list[str], d.pop("errors", UNSET))

        warnings = cast(list[str], d.pop("warnings", UNSET))

        _findings = d.pop("findings", UNSET)
        findings: list[RuleFinding] | Unset = UNSET
        if _findings is not UNSET:
            findings = []
            for findings_item_data in _findings:
                findings_item = RuleFinding.from_dict(findings_item_data)

                findings.append(findings_item)

        _checks = d.pop("checks", UNSET)
        checks: list[RuleCheck] | Unset = UNSET
        if _checks is not UNSET:
            checks = []
            for checks_item_data in _checks:
                checks_item = RuleCheck.from_dict(checks_item_data)

                checks.append(checks_item)

        _layers = d.pop("layers", UNSET)
        layers: DraftReportLayers | Unset
        if isinstance(_layers, Unset):
            layers = UNSET
        else:
            layers = DraftReportLayers.from_dict(_layers)

        _quality = d.pop("quality", UNSET)
        quality: Quality | Unset
        if isinstance(_quality, Unset):
            quality = UNSET
        else:
            quality = Quality.from_dict(_quality)

        trigger_coverage = d.pop("trigger_coverage", UNSET)

        notes = cast(list[str], d.pop("notes", UNSET))

        _base = d.pop("base", UNSET)
        base: BaseVersion | Unset
        if isinstance(_base, Unset):
            base = UNSET
        else:
            base = BaseVersion.from_dict(_base)

        _optimization = d.pop("optimization", UNSET)
        optimization: Optimization | Unset
        if isinstance(_optimization, Unset):
            optimization = UNSET
        else:
            optimization = Optimization.from_dict(_optimization)

        draft_report = cls(
            passed=passed,
            score=score,
            status=status,
            errors=errors,
            warnings=warnings,
            findings=findings,
            checks=checks,
            layers=layers,
            quality=quality,
            trigger_coverage=trigger_coverage,
            notes=notes,
            base=base,
            optimization=optimization,
        )

        draft_report.additional_properties = d
        return draft_report

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
