from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.content_finding_severity import ContentFindingSeverity

T = TypeVar("T", bound="ContentFinding")


@_attrs_define
class ContentFinding:
    """Something in the text that a person should look at.

    Attributes:
        rule (str):
        severity (ContentFindingSeverity):
        path (str):
        line (int | None):
        message (str):
        excerpt (str):
    """

    rule: str
    severity: ContentFindingSeverity
    path: str
    line: int | None
    message: str
    excerpt: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rule = self.rule

        severity = self.severity.value

        path = self.path

        line: int | None
        line = self.line

        message = self.message

        excerpt = self.excerpt

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rule": rule,
                "severity": severity,
                "path": path,
                "line": line,
                "message": message,
                "excerpt": excerpt,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rule = d.pop("rule")

        severity = ContentFindingSeverity(d.pop("severity"))

        path = d.pop("path")

        def _parse_line(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        line = _parse_line(d.pop("line"))

        message = d.pop("message")

        excerpt = d.pop("excerpt")

        content_finding = cls(
            rule=rule,
            severity=severity,
            path=path,
            line=line,
            message=message,
            excerpt=excerpt,
        )

        content_finding.additional_properties = d
        return content_finding

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
