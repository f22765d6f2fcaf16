from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.suggested_fix_field import SuggestedFixField

T = TypeVar("T", bound="SuggestedFix")


@_attrs_define
class SuggestedFix:
    """A name or a description that people asked for and cannot have, and another one.

    Attributes:
        field (SuggestedFixField):
        issue (str):
        current (str):
        suggested (str):
        explanation (str):
    """

    field: SuggestedFixField
    issue: str
    current: str
    suggested: str
    explanation: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        field = self.field.value

        issue = self.issue

        current = self.current

        suggested = self.suggested

        explanation = self.explanation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "field": field,
                "issue": issue,
                "current": current,
                "suggested": suggested,
                "explanation": explanation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = SuggestedFixField(d.pop("field"))

        issue = d.pop("issue")

        current = d.pop("current")

        suggested = d.pop("suggested")

        explanation = d.pop("explanation")

        suggested_fix = cls(
            field=field,
            issue=issue,
            current=current,
            suggested=suggested,
            explanation=explanation,
        )

        suggested_fix.additional_properties = d
        return suggested_fix

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
