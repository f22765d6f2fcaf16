from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Dimensions")


@_attrs_define
class Dimensions:
    """The parts of the score, each from 0 to 1.

    Attributes:
        completeness (float):
        structure (float):
        clarity (float):
        examples (float):
        conciseness (float):
    """

    completeness: float
    structure: float
    clarity: float
    examples: float
    conciseness: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        completeness = self.completeness

        structure = self.structure

        clarity = self.clarity

        examples = self.examples

        conciseness = self.conciseness

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "completeness": completeness,
                "structure": structure,
                "clarity": clarity,
                "examples": examples,
                "conciseness": conciseness,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        completeness = d.pop("completeness")

        structure = d.pop("structure")

        clarity = d.pop("clarity")

        examples = d.pop("examples")

        conciseness = d.pop("conciseness")

        dimensions = cls(
            completeness=completeness,
            structure=structure,
            clarity=clarity,
            examples=examples,
            conciseness=conciseness,
        )

        dimensions.additional_properties = d
        return dimensions

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
