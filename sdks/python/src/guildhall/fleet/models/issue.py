from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Issue")


@_attrs_define
class Issue:
    """An issue as an object: the first of these names that it has counts.

    Attributes:
        issue (str | Unset):
        type_ (str | Unset):
        rule (str | Unset):
        name (str | Unset):
        code (str | Unset):
        message (str | Unset):
    """

    issue: str | Unset = UNSET
    type_: str | Unset = UNSET
    rule: str | Unset = UNSET
    name: str | Unset = UNSET
    code: str | Unset = UNSET
    message: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        issue = self.issue

        type_ = self.type_

        rule = self.rule

        name = self.name

        code = self.code

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if issue is not UNSET:
            field_dict["issue"] = issue
        if type_ is not UNSET:
            field_dict["type"] = type_
        if rule is not UNSET:
            field_dict["rule"] = rule
        if name is not UNSET:
            field_dict["name"] = name
        if code is not UNSET:
            field_dict["code"] = code
        if message is not UNSET:
            field_dict["message"] = message

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        issue = d.pop("issue", UNSET)

        type_ = d.pop("type", UNSET)

        rule = d.pop("rule", UNSET)

        name = d.pop("name", UNSET)

        code = d.pop("code", UNSET)

        message = d.pop("message", UNSET)

        issue = cls(
            issue=issue,
            type_=type_,
            rule=rule,
            name=name,
            code=code,
            message=message,
        )

        issue.additional_properties = d
        return issue

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
