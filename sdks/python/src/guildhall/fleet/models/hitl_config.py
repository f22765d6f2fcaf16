from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.action_keywords import ActionKeywords


T = TypeVar("T", bound="HitlConfig")


@_attrs_define
class HitlConfig:
    """How jobs ask people.

    Attributes:
        enabled (bool):
        default_timeout (int): Seconds until an unanswered prompt ends its job.
        max_questions (int):
        action_keywords (ActionKeywords): Words that decide at a checkpoint; the first of each is the usual one.
    """

    enabled: bool
    default_timeout: int
    max_questions: int
    action_keywords: ActionKeywords
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        default_timeout = self.default_timeout

        max_questions = self.max_questions

        action_keywords = self.action_keywords.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "enabled": enabled,
                "default_timeout": default_timeout,
                "max_questions": max_questions,
                "action_keywords": action_keywords,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action_keywords import ActionKeywords  # noqa: PLC0415

        d = dict(src_dict)
        enabled = d.pop("enabled")

        default_timeout = d.pop("default_timeout")

        max_questions = d.pop("max_questions")

        action_keywords = ActionKeywords.from_dict(d.pop("action_keywords"))

        hitl_config = cls(
            enabled=enabled,
            default_timeout=default_timeout,
            max_questions=max_questions,
            action_keywords=action_keywords,
        )

        hitl_config.additional_properties = d
        return hitl_config

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
