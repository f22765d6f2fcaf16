from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.analysis_figures import AnalysisFigures


T = TypeVar("T", bound="AnalysisReport")


@_attrs_define
class AnalysisReport:
    """How a skill does.

    Attributes:
        analysis (AnalysisFigures): How a skill does; figures that were not asked for are null.
        skill_id (str):
        version (str):
    """

    analysis: AnalysisFigures
    skill_id: str
    version: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        analysis = self.analysis.to_dict()

        skill_id = self.skill_id

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "analysis": analysis,
                "skill_id": skill_id,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.analysis_figures import AnalysisFigures  # noqa: PLC0415

        d = dict(src_dict)
        analysis = AnalysisFigures.from_dict(d.pop("analysis"))

        skill_id = d.pop("skill_id")

        version = d.pop("version")

        analysis_report = cls(
            analysis=analysis,
            skill_id=skill_id,
            version=version,
        )

        analysis_report.additional_properties = d
        return analysis_report

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
