from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ActionKeywords")


@_attrs_define
class ActionKeywords:
    """Words that decide at a checkpoint; the first of each is the usual one.

    Attributes:
        proceed (list[str]):
        revise (list[str]):
        cancel (list[str]):
    """

    proceed: list[str]
    revise: list[str]
    cancel: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        proceed = self.proceed

        revise = self.revise

        cancel = self.cancel

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "proceed": proceed,
                "revise": revise,
                "cancel": cancel,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        proceed = cast(list[str], d.pop("proceed"))

        revise = cast(list[str], d.pop("revise"))

        cancel = cast(list[str], d.pop("cancel"))

        action_keywords = cls(
            proceed=proceed,
            revise=revise,
            cancel=cancel,
        )

        action_keywords.additional_properties = d
        return action_keywords

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
