from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Quality")


@_attrs_define
class Quality:
    """How good the text reads, each figure from 0 to 1.

    Attributes:
        overall_score (float):
        completeness (float):
        structure (float):
        clarity (float):
        examples (float):
        conciseness (float):
        word_count (int):
        size_assessment (str):
        verbosity_score (float):
        strengths (list[str]):
        weaknesses (list[str]):
        recommendations (list[str]):
    """

    overall_score: float
    completeness: float
    structure: float
    clarity: float
    examples: float
    conciseness: float
    word_count: int
    size_assessment: str
    verbosity_score: float
    strengths: list[str]
    weaknesses: list[str]
    recommendations: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        overall_score = self.overall_score

        completeness = self.completeness

        structure = self.structure

        clarity = self.clarity

        examples = self.examples

        conciseness = self.conciseness

        word_count = self.word_count

        size_assessment = self.size_assessment

        verbosity_score = self.verbosity_score

        strengths = self.strengths

        weaknesses = self.weaknesses

        recommendations = self.recommendations

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "overall_score": overall_score,
                "completeness": completeness,
                "structure": structure,
                "clarity": clarity,
                "examples": examples,
                "conciseness": conciseness,
                "word_count": word_count,
                "size_assessment": size_assessment,
                "verbosity_score": verbosity_score,
                "strengths": strengths,
                "weaknesses": weaknesses,
                "recommendations": recommendations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        overall_score = d.pop("overall_score")

        completeness = d.pop("completeness")

        structure = d.pop("structure")

        clarity = d.pop("clarity")

        examples = d.pop("examples")

        conciseness = d.pop("conciseness")

        word_count = d.pop("word_count")

        size_assessment = d.pop("size_assessment")

        verbosity_score = d.pop("verbosity_score")

        strengths = cast(list[str], d.pop("strengths"))

        weaknesses = cast(list[str], d.pop("weaknesses"))

        recommendations = cast(list[str], d.pop("recommendations"))

        quality = cls(
            overall_score=overall_score,
            completeness=completeness,
            structure=structure,
            clarity=clarity,
            examples=examples,
            conciseness=conciseness,
            word_count=word_count,
            size_assessment=size_assessment,
            verbosity_score=verbosity_score,
            strengths=strengths,
            weaknesses=weaknesses,
            recommendations=recommendations,
        )

        quality.additional_properties = d
        return quality

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
