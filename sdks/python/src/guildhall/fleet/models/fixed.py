from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.applied_fix import AppliedFix


T = TypeVar("T", bound="Fixed")


@_attrs_define
class Fixed:
    """A text with its issues mended.

    Attributes:
        fixed_content (str):
        fixes_applied (list[AppliedFix | str]): Texts where all issues were texts.
        remaining_issues (list[str]):
        absent_issues (list[str]): Issues that the text did not have.
        confidence (float): The share of the issues that the text does not have any more.
    """

    fixed_content: str
    fixes_applied: list[AppliedFix | str]
    remaining_issues: list[str]
    absent_issues: list[str]
    confidence: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.applied_fix import AppliedFix  # noqa: PLC0415

        fixed_content = self.fixed_content

        fixes_applied = []
        for fixes_applied_item_data in self.fixes_applied:
            fixes_applied_item: dict[str, Any] | str
            if isinstance(fixes_applied_item_data, AppliedFix):
                fixes_applied_item = fixes_applied_item_data.to_dict()
            else:
                fixes_applied_item = fixes_applied_item_data
            fixes_applied.append(fixes_applied_item)

        remaining_issues = self.remaining_issues

        absent_issues = self.absent_issues

        confidence = self.confidence

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "fixed_content": fixed_content,
                "fixes_applied": fixes_applied,
                "remaining_issues": remaining_issues,
                "absent_issues": absent_issues,
                "confidence": confidence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.applied_fix import AppliedFix  # noqa: PLC0415

        d = dict(src_dict)
        fixed_content = d.pop("fixed_content")

        fixes_applied = []
        _fixes_applied = d.pop("fixes_applied")
        for fixes_applied_item_data in _fixes_applied:

            def _parse_fixes_applied_item(data: object) -> AppliedFix | str:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    fixes_applied_item_type_1 = AppliedFix.from_dict(data)

                    return fixes_applied_item_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(AppliedFix | str, data)

            fixes_applied_item = _parse_fixes_applied_item(fixes_applied_item_data)

            fixes_applied.append(fixes_applied_item)

        remaining_issues = cast(list[str], d.pop("remaining_issues"))

        absent_issues = cast(list[str], d.pop("absent_issues"))

        confidence = d.pop("confidence")

        fixed = cls(
            fixed_content=fixed_content,
            fixes_applied=fixes_applied,
            remaining_issues=remaining_issues,
            absent_issues=absent_issues,
            confidence=confidence,
        )

        fixed.additional_properties = d
        return fixed

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
