from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.criterion import Criterion
    from ..models.dimensions import Dimensions


T = TypeVar("T", bound="Assessment")


@_attrs_define
class Assessment:
    """How good a text reads, in figures.

    Attributes:
        overall_score (float):
        completeness (float):
        clarity (float):
        word_count (int):
        size_assessment (str):
        verbosity_score (float): From 0 to 1; low is better.
        dimensions (Dimensions): The parts of the score, each from 0 to 1.
        strengths (list[str]):
        weaknesses (list[str]):
        suggestions (list[str]):
        criteria (list[Criterion]):
        criteria_coverage (float | None): The share of the criteria that are covered; null without any.
    """

    overall_score: float
    completeness: float
    clarity: float
    word_count: int
    size_assessment: str
    verbosity_score: float
    dimensions: Dimensions
    strengths: list[str]
    weaknesses: list[str]
    suggestions: list[str]
    criteria: list[Criterion]
    criteria_coverage: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        overall_score = self.overall_score

        completeness = self.completeness

        clarity = self.clarity

        word_count = self.word_count

        size_assessment = self.size_assessment

        verbosity_score = self.verbosity_score

        dimensions = self.dimensions.to_dict()

        strengths = self.strengths

        weaknesses = self.weaknesses

        suggestions = self.suggestions

        criteria = []
        for criteria_item_data in self.criteria:
            criteria_item = criteria_item_data.to_dict()
            criteria.append(criteria_item)

        criteria_coverage: float | None
        criteria_coverage = self.criteria_coverage

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "overall_score": overall_score,
                "completeness": completeness,
                "clarity": clarity,
                "word_count": word_count,
                "size_assessment": size_assessment,
                "verbosity_score": verbosity_score,
                "dimensions": dimensions,
                "strengths": strengths,
                "weaknesses": weaknesses,
                "suggestions": suggestions,
                "criteria": criteria,
                "criteria_coverage": criteria_coverage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.criterion import Criterion  # noqa: PLC0415
        from ..models.dimensions import Dimensions  # noqa: PLC0415

        d = dict(src_dict)
        overall_score = d.pop("overall_score")

        completeness = d.pop("completeness")

        clarity = d.pop("clarity")

        word_count = d.pop("word_count")

        size_assessment = d.pop("size_assessment")

        verbosity_score = d.pop("verbosity_score")

        dimensions = Dimensions.from_dict(d.pop("dimensions"))

        strengths = cast(list[str], d.pop("strengths"))

        weaknesses = cast(list[str], d.pop("weaknesses"))

        suggestions = cast(list[str], d.pop("suggestions"))

        criteria = []
        _criteria = d.pop("criteria")
        for criteria_item_data in _criteria:
            criteria_item = Criterion.from_dict(criteria_item_data)

            criteria.append(criteria_item)

        def _parse_criteria_coverage(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        criteria_coverage = _parse_criteria_coverage(d.pop("criteria_coverage"))

        assessment = cls(
            overall_score=overall_score,
            completeness=completeness,
            clarity=clarity,
            word_count=word_count,
            size_assessment=size_assessment,
            verbosity_score=verbosity_score,
            dimensions=dimensions,
            strengths=strengths,
            weaknesses=weaknesses,
            suggestions=suggestions,
            criteria=criteria,
            criteria_coverage=criteria_coverage,
        )

        assessment.additional_properties = d
        return assessment

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
