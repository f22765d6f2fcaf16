from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hitl_type import HitlType
from ..models.job_status import JobStatus
from ..models.job_type import JobType
from ..models.verdict import Verdict

if TYPE_CHECKING:
    from ..models.job_result import JobResult
    from ..models.job_usage import JobUsage


T = TypeVar("T", bound="Job")


@_attrs_define
class Job:
    """A job: how it stands, what it made, what it cost.

    Attributes:
        intended_taxonomy_path (None | str):
        draft_path (None | str):
        final_path (None | str): Null until the draft is promoted.
        saved_path (None | str): The same as `final_path`.
        validation_passed (bool | None):
        validation_status (None | Verdict):
        validation_score (float | None):
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
        result (JobResult | None): Null until the job is finished.
        promoted (bool):
        usage (JobUsage): What writers used for the job.
    """

    intended_taxonomy_path: None | str
    draft_path: None | str
    final_path: None | str
    saved_path: None | str
    validation_passed: bool | None
    validation_status: None | Verdict
    validation_score: float | None
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
    result: JobResult | None
    promoted: bool
    usage: JobUsage
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.job_result import JobResult  # noqa: PLC0415

        intended_taxonomy_path: None | str
        intended_taxonomy_path = self.intended_taxonomy_path

        draft_path: None | str
        draft_path = self.draft_path

        final_path: None | str
        final_path = self.final_path

        saved_path: None | str
        saved_path = self.saved_path

        validation_passed: bool | None
        validation_passed = self.validation_passed

        validation_status: None | str
        if isinstance(self.validation_status, Verdict):
            validation_status = self.validation_status.value
        else:
            validation_status = self.validation_status

        validation_score: float | None
        validation_score = self.validation_score

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

        result: dict[str, Any] | None
        if isinstance(self.result, JobResult):
            result = self.result.to_dict()
        else:
            result = self.result

        promoted = self.promoted

        usage = self.usage.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "intended_taxonomy_path": intended_taxonomy_path,
                "draft_path": draft_path,
                "final_path": final_path,
                "saved_path": saved_path,
                "validation_passed": validation_passed,
                "validation_status": validation_status,
                "validation_score": validation_score,
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
                "result": result,
                "promoted": promoted,
                "usage": usage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_result import JobResult  # noqa: PLC0415
        from ..models.job_usage import JobUsage  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_intended_taxonomy_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        intended_taxonomy_path = _parse_intended_taxonomy_path(d.pop("intended_taxonomy_path"))

        def _parse_draft_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        draft_path = _parse_draft_path(d.pop("draft_path"))

        def _parse_final_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        final_path = _parse_final_path(d.pop("final_path"))

        def _parse_saved_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        saved_path = _parse_saved_path(d.pop("saved_path"))

        def _parse_validation_passed(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        validation_passed = _parse_validation_passed(d.pop("validation_passed"))

        def _parse_validation_status(data: object) -> None | Verdict:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                validation_status_type_0 = Verdict(data)

                return validation_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Verdict, data)

        validation_status = _parse_validation_status(d.pop("validation_status"))

        def _parse_validation_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        validation_score = _parse_validation_score(d.pop("validation_score"))

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

        def _parse_result(data: object) -> JobResult | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = JobResult.from_dict(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobResult | None, data)

        result = _parse_result(d.pop("result"))

        promoted = d.pop("promoted")

        usage = JobUsage.from_dict(d.pop("usage"))

        job = cls(
            intended_taxonomy_path=intended_taxonomy_path,
            draft_path=draft_path,
            final_path=final_path,
            saved_path=saved_path,
            validation_passed=validation_passed,
            validation_status=validation_status,
            validation_score=validation_score,
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
            result=result,
            promoted=promoted,
            usage=usage,
        )

        job.additional_properties = d
        return job

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
