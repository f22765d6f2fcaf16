from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.issue import Issue


T = TypeVar("T", bound="FixBody")


@_attrs_define
class FixBody:
    """A text, or a stored skill whose text is meant, and what to mend.

    Attributes:
        issues (list[Issue | str]):
        content (None | str | Unset):
        skill_id (None | str | Unset):
    """

    issues: list[Issue | str]
    content: None | str | Unset = UNSET
    skill_id: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.issue import Issue  # noqa: PLC0415

        issues = []
        for issues_item_data in self.issues:
            issues_item: dict[str, Any] | str
            if isinstance(issues_item_data, Issue):
                issues_item = issues_item_data.to_dict()
            else:
                issues_item = issues_item_data
            issues.append(issues_item)

        content: None | str | Unset
        if isinstance(self.content, Unset):
            content = UNSET
        else:
            content = self.content

        skill_id: None | str | Unset
        if isinstance(self.skill_id, Unset):
            skill_id = UNSET
        else:
            skill_id = self.skill_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "issues": issues,
            }
        )
        if content is not UNSET:
            field_dict["content"] = content
        if skill_id is not UNSET:
            field_dict["skill_id"] = skill_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.issue import Issue  # noqa: PLC0415

        d = dict(src_dict)
        issues = []
        _issues = d.pop("issues")
        for issues_item_data in _issues:

            def _parse_issues_item(data: object) -> Issue | str:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    issues_item_type_1 = Issue.from_dict(data)

                    return issues_item_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(Issue | str, data)

            issues_item = _parse_issues_item(issues_item_data)

            issues.append(issues_item)

        def _parse_content(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        content = _parse_content(d.pop("content", UNSET))

        def _parse_skill_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        skill_id = _parse_skill_id(d.pop("skill_id", UNSET))

        fix_body = cls(
            issues=issues,
            content=content,
            skill_id=skill_id,
        )

        fix_body.additional_properties = d
        return fix_body

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
