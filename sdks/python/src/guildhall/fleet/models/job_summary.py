from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hitl_type import HitlType
from ..models.job_status import JobStatus
from ..models.job_type import JobType

T = TypeVar("T", bound="JobSummary")


@_attrs_define
class JobSummary:
    """A job in a list.

    Attributes:
        job_id (UUID):
        status (JobStatus): `pending` waits to begin, `pending_hitl` waits for a person; the last three are final.
        type_ (JobType): What a job makes: a skill, a next version by feedback, a next version by measuring.
        progress (int):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        task_description (None | str):
        user_id (str): Whose job it is.
        current_phase (None | str):
        progress_message (None | str):
        error (None | str):
        hitl_type (HitlType | None): What it asks at present.
    """

    job_id: UUID
    status: JobStatus
    type_: JobType
    progress: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    task_description: None | str
    user_id: str
    current_phase: None | str
    progress_message: None | str
    error: None | str
    hitl_type: HitlType | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        status = self.status.value

        type_ = self.type_.value

        progress = self.progress

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        task_description: None | str
        task_description = self.task_description

        user_id = self.user_id

        current_phase: None | str
        current_phase = self.current_phase

        progress_message: None | str
        progress_message = self.progress_message

        error: None | str
        error = self.error

        hitl_type: None | str
        if isinstance(self.hitl_type, HitlType):
            hitl_type = self.hitl_type.value
        else:
            hitl_type = self.hitl_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "status": status,
                "type": type_,
                "progress": progress,
                "created_at": created_at,
                "updated_at": updated_at,
                "task_description": task_description,
                "user_id": user_id,
                "current_phase": current_phase,
                "progress_message": progress_message,
                "error": error,
                "hitl_type": hitl_type,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        status = JobStatus(d.pop("status"))

        type_ = JobType(d.pop("type"))

        progress = d.pop("progress")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        def _parse_task_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        task_description = _parse_task_description(d.pop("task_description"))

        user_id = d.pop("user_id")

        def _parse_current_phase(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        current_phase = _parse_current_phase(d.pop("current_phase"))

        def _parse_progress_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        progress_message = _parse_progress_message(d.pop("progress_message"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        def _parse_hitl_type(data: object) -> HitlType | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                hitl_type_type_0 = HitlType(data)

                return hitl_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HitlType | None, data)

        hitl_type = _parse_hitl_type(d.pop("hitl_type"))

        job_summary = cls(
            job_id=job_id,
            status=status,
            type_=type_,
            progress=progress,
            created_at=created_at,
            updated_at=updated_at,
            task_description=task_description,
            user_id=user_id,
            current_phase=current_phase,
            progress_message=progress_message,
            error=error,
            hitl_type=hitl_type,
        )

        job_summary.additional_properties = d
        return job_summary

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
