from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.plan_body import PlanBody


T = TypeVar("T", bound="AssessBody")


@_attrs_define
class AssessBody:
    """A text, or a stored skill whose text is meant.

    Attributes:
        content (None | str | Unset):
        skill_id (None | str | Unset):  Default: ''.
        plan (None | PlanBody | Unset):
        criteria (list[str] | None | Unset):
    """

    content: None | str | Unset = UNSET
    skill_id: None | str | Unset = ""
    plan: None | PlanBody | Unset = UNSET
    criteria: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.plan_body import PlanBody  # noqa: PLC0415

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

        plan: dict[str, Any] | None | Unset
        if isinstance(self.plan, Unset):
            plan = UNSET
        elif isinstance(self.plan, PlanBody):
            plan = self.plan.to_dict()
        else:
            plan = self.plan

        criteria: list[str] | None | Unset
        if isinstance(self.criteria, Unset):
            criteria = UNSET
        elif isinstance(self.criteria, list):
            criteria = self.criteria

        else:
            criteria = self.criteria

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if content is not UNSET:
            field_dict["content"] = content
        if skill_id is not UNSET:
            field_dict["skill_id"] = skill_id
        if plan is not UNSET:
            field_dict["plan"] = plan
        if criteria is not UNSET:
            field_dict["criteria"] = criteria

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.plan_body import PlanBody  # noqa: PLC0415

        d = dict(src_dict)

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

        def _parse_plan(data: object) -> None | PlanBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                plan_type_0 = PlanBody.from_dict(data)

                return plan_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PlanBody | Unset, data)

        plan = _parse_plan(d.pop("plan", UNSET))

        def _parse_criteria(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                criteria_type_0 = cast(list[str], data)

                return criteria_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        criteria = _parse_criteria(d.pop("criteria", UNSET))

        assess_body = cls(
            content=content,
            skill_id=skill_id,
            plan=plan,
            criteria=criteria,
        )

        assess_body.additional_properties = d
        return assess_body

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
