from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.said_message_role import SaidMessageRole
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.action import Action


T = TypeVar("T", bound="SaidMessage")


@_attrs_define
class SaidMessage:
    """A line of a conversation.

    Attributes:
        role (SaidMessageRole):
        content (str):
        created_at (datetime.datetime):
        sequence (int):
        requires_action (bool | Unset): Of answers.
        action (Action | None | Unset): Of answers.
        job_id (None | Unset | UUID): Of answers.
        skills (list[str] | Unset): Of answers.
        client_message_id (str | Unset): Of what a person said under an id of their own.
    """

    role: SaidMessageRole
    content: str
    created_at: datetime.datetime
    sequence: int
    requires_action: bool | Unset = UNSET
    action: Action | None | Unset = UNSET
    job_id: None | Unset | UUID = UNSET
    skills: list[str] | Unset = UNSET
    client_message_id: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.action import Action  # noqa: PLC0415

        role = self.role.value

        content = self.content

        created_at = self.created_at.isoformat()

        sequence = self.sequence

        requires_action = self.requires_action

        action: dict[str, Any] | None | Unset
        if isinstance(self.action, Unset):
            action = UNSET
        elif isinstance(self.action, Action):
            action = self.action.to_dict()
        else:
            action = self.action

        job_id: None | str | Unset
        if isinstance(self.job_id, Unset):
            job_id = UNSET
        elif isinstance(self.job_id, UUID):
            job_id = str(self.job_id)
        else:
            job_id = self.job_id

        skills: list[str] | Unset = UNSET
        if not isinstance(self.skills, Unset):
            skills = self.skills

        client_message_id = self.client_message_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "role": role,
                "content": content,
                "created_at": created_at,
                "sequence": sequence,
            }
        )
        if requires_action is not UNSET:
            field_dict["requires_action"] = requires_action
        if action is not UNSET:
            field_dict["action"] = action
        if job_id is not UNSET:
            field_dict["job_id"] = job_id
        if skills is not UNSET:
            field_dict["skills"] = skills
        if client_message_id is not UNSET:
            field_dict["client_message_id"] = client_message_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action import Action  # noqa: PLC0415

        d = dict(src_dict)
        role = SaidMessageRole(d.pop("role"))

        content = d.pop("content")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        sequence = d.pop("sequence")

        requires_action = d.pop("requires_action", UNSET)

        def _parse_action(data: object) -> Action | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                action_type_0 = Action.from_dict(data)

                return action_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Action | None | Unset, data)

        action = _parse_action(d.pop("action", UNSET))

        def _parse_job_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                job_id_type_0 = UUID(data)

                return job_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        job_id = _parse_job_id(d.pop("job_id", UNSET))

        skills = cast(list[str], d.pop("skills", UNSET))

        client_message_id = d.pop("client_message_id", UNSET)

        said_message = cls(
            role=role,
            content=content,
            created_at=created_at,
            sequence=sequence,
            requires_action=requires_action,
            action=action,
            job_id=job_id,
            skills=skills,
            client_message_id=client_message_id,
        )

        said_message.additional_properties = d
        return said_message

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
