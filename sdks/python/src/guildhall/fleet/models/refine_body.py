from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="RefineBody")


@_attrs_define
class RefineBody:
    """What should be otherwise, and whether people review it.

    Attributes:
        feedback (str):
        focus_areas (list[str] | None | Unset):
        enable_hitl_review (bool | Unset):  Default: False.
        enable_token_streaming (bool | Unset):  Default: False.
        user_id (None | str | Unset):  Default: ''.
    """

    feedback: str
    focus_areas: list[str] | None | Unset = UNSET
    enable_hitl_review: bool | Unset = False
    enable_token_streaming: bool | Unset = False
    user_id: None | str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        feedback = self.feedback

        focus_areas: list[str] | None | Unset
        if isinstance(self.focus_areas, Unset):
            focus_areas = UNSET
        elif isinstance(self.focus_areas, list):
            focus_areas = self.focus_areas

        else:
            focus_areas = self.focus_areas

        enable_hitl_review = self.enable_hitl_review

        enable_token_streaming = self.enable_token_streaming

        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        else:
            user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "feedback": feedback,
            }
        )
        if focus_areas is not UNSET:
            field_dict["focus_areas"] = focus_areas
        if enable_hitl_review is not UNSET:
            field_dict["enable_hitl_review"] = enable_hitl_review
        if enable_token_streaming is not UNSET:
            field_dict["enable_token_streaming"] = enable_token_streaming
        if user_id is not UNSET:
            field_dict["user_id"] = user_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        feedback = d.pop("feedback")

        def _parse_focus_areas(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                focus_areas_type_0 = cast(list[str], data)

                return focus_areas_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        focus_areas = _parse_focus_areas(d.pop("focus_areas", UNSET))

        enable_hitl_review = d.pop("enable_hitl_review", UNSET)

        enable_token_streaming = d.pop("enable_token_streaming", UNSET)

        def _parse_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

        refine_body = cls(
            feedback=feedback,
            focus_areas=focus_areas,
            enable_hitl_review=enable_hitl_review,
            enable_token_streaming=enable_token_streaming,
            user_id=user_id,
        )

        refine_body.additional_properties = d
        return refine_body

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
