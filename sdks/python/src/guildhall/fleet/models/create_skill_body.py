from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateSkillBody")


@_attrs_define
class CreateSkillBody:
    """What the skill should be, and where people are asked on the way.

    Attributes:
        task_description (str):
        user_id (None | str | Unset):  Default: ''.
        enable_hitl_confirm (bool | Unset):  Default: False.
        enable_hitl_preview (bool | Unset):  Default: False.
        enable_hitl_review (bool | Unset):  Default: False.
        enable_token_streaming (bool | Unset):  Default: False.
    """

    task_description: str
    user_id: None | str | Unset = ""
    enable_hitl_confirm: bool | Unset = False
    enable_hitl_preview: bool | Unset = False
    enable_hitl_review: bool | Unset = False
    enable_token_streaming: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        task_description = self.task_description

        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        else:
            user_id = self.user_id

        enable_hitl_confirm = self.enable_hitl_confirm

        enable_hitl_preview = self.enable_hitl_preview

        enable_hitl_review = self.enable_hitl_review

        enable_token_streaming = self.enable_token_streaming

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "task_description": task_description,
            }
        )
        if user_id is not UNSET:
            field_dict["user_id"] = user_id
        if enable_hitl_confirm is not UNSET:
            field_dict["enable_hitl_confirm"] = enable_hitl_confirm
        if enable_hitl_preview is not UNSET:
            field_dict["enable_hitl_preview"] = enable_hitl_preview
        if enable_hitl_review is not UNSET:
            field_dict["enable_hitl_review"] = enable_hitl_review
        if enable_token_streaming is not UNSET:
            field_dict["enable_token_streaming"] = enable_token_streaming

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        task_description = d.pop("task_description")

        def _parse_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

        enable_hitl_confirm = d.pop("enable_hitl_confirm", UNSET)

        enable_hitl_preview = d.pop("enable_hitl_preview", UNSET)

        enable_hitl_review = d.pop("enable_hitl_review", UNSET)

        enable_token_streaming = d.pop("enable_token_streaming", UNSET)

        create_skill_body = cls(
            task_description=task_description,
            user_id=user_id,
            enable_hitl_confirm=enable_hitl_confirm,
            enable_hitl_preview=enable_hitl_preview,
            enable_hitl_review=enable_hitl_review,
            enable_token_streaming=enable_token_streaming,
        )

        create_skill_body.additional_properties = d
        return create_skill_body

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
