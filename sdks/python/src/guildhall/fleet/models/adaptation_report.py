from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.experience_level import ExperienceLevel

if TYPE_CHECKING:
    from ..models.adaptation_report_confidence_scores import AdaptationReportConfidenceScores
    from ..models.stored_adaptation import StoredAdaptation


T = TypeVar("T", bound="AdaptationReport")


@_attrs_define
class AdaptationReport:
    """An adaptation was stored.

    Attributes:
        status (Literal['adapted']):
        user_id (str):
        adapted_taxonomy (StoredAdaptation): An adaptation with what it shows.
        experience_level (ExperienceLevel): What a user knows; skills far above it come last.
        suggestions (list[str]):
        confidence_scores (AdaptationReportConfidenceScores): Always empty: the original made its confidences up.
    """

    status: Literal["adapted"]
    user_id: str
    adapted_taxonomy: StoredAdaptation
    experience_level: ExperienceLevel
    suggestions: list[str]
    confidence_scores: AdaptationReportConfidenceScores
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        user_id = self.user_id

        adapted_taxonomy = self.adapted_taxonomy.to_dict()

        experience_level = self.experience_level.value

        suggestions = self.suggestions

        confidence_scores = self.confidence_scores.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "user_id": user_id,
                "adapted_taxonomy": adapted_taxonomy,
                "experience_level": experience_level,
                "suggestions": suggestions,
                "confidence_scores": confidence_scores,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.adaptation_report_confidence_scores import AdaptationReportConfidenceScores  # noqa: PLC0415
        from ..models.stored_adaptation import StoredAdaptation  # noqa: PLC0415

        d = dict(src_dict)
        status = cast(Literal["adapted"], d.pop("status"))
        if status != "adapted":
            raise ValueError(f"status must match const 'adapted', got '{status}'")

        user_id = d.pop("user_id")

        adapted_taxonomy = StoredAdaptation.from_dict(d.pop("adapted_taxonomy"))

        experience_level = ExperienceLevel(d.pop("experience_level"))

        suggestions = cast(list[str], d.pop("suggestions"))

        confidence_scores = AdaptationReportConfidenceScores.from_dict(d.pop("confidence_scores"))

        adaptation_report = cls(
            status=status,
            user_id=user_id,
            adapted_taxonomy=adapted_taxonomy,
            experience_level=experience_level,
            suggestions=suggestions,
            confidence_scores=confidence_scores,
        )

        adaptation_report.additional_properties = d
        return adaptation_report

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
