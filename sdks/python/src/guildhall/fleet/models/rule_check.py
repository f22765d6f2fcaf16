from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.rule_check_check import RuleCheckCheck

T = TypeVar("T", bound="RuleCheck")


@_attrs_define
class RuleCheck:
    """One of the seven groups of rules.

    Attributes:
        check (RuleCheckCheck):
        passed (bool):
        message (str): What was found; empty where nothing was.
    """

    check: RuleCheckCheck
    passed: bool
    message: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        check = self.check.value

        passed = self.passed

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "check": check,
                "passed": passed,
                "message": message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        check = RuleCheckCheck(d.pop("check"))

        passed = d.pop("passed")

        message = d.pop("message")

        rule_check = cls(
            check=check,
            passed=passed,
            message=message,
        )

        rule_check.additional_properties = d
        return rule_check

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
