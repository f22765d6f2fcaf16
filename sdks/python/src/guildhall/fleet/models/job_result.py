from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status import JobStatus

if TYPE_CHECKING:
    from ..models.draft_file import DraftFile
    from ..models.draft_report import DraftReport
    from ..models.optimization import Optimization
    from ..models.plan import Plan
    from ..models.understanding import Understanding


T = TypeVar("T", bound="JobResult")


@_attrs_define
class JobResult:
    """What a finished job made.

    Attributes:
        status (JobStatus): `pending` waits to begin, `pending_hitl` waits for a person; the last three are final.
        job_id (UUID):
        message (str):
        skill_content (None | str): The draft's SKILL.md.
        validation_report (DraftReport | None):
        extra_files (list[DraftFile] | None):
        understanding (None | Understanding):
        plan (None | Plan):
        optimization (None | Optimization):
        error (None | str):
        timestamp (datetime.datetime | None):
    """

    status: JobStatus
    job_id: UUID
    message: str
    skill_content: None | str
    validation_report: DraftReport | None
    extra_files: list[DraftFile] | None
    understanding: None | Understanding
    plan: None | Plan
    optimization: None | Optimization
    error: None | str
    timestamp: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.draft_report import DraftReport  # noqa: PLC0415
        from ..models.optimization import Optimization  # noqa: PLC0415
        from ..models.plan import Plan  # noqa: PLC0415
        from ..models.understanding import Understanding  # noqa: PLC0415

        status = self.status.value

        job_id = str(self.job_id)

        message = self.message

        skill_content: None | str
        skill_content = self.skill_content

        validation_report: dict[str, Any] | None
        if isinstance(self.validation_report, DraftReport):
            validation_report = self.validation_report.to_dict()
        else:
            validation_report = self.validation_report

        extra_files: list[dict[str, Any]] | None
        if isinstance(self.extra_files, list):
            extra_files = []
            for extra_files_type_0_item_data in self.extra_files:
                extra_files_type_0_item = extra_files_type_0_item_data.to_dict()
                extra_files.append(extra_files_type_0_item)

        else:
            extra_files = self.extra_files

        understanding: dict[str, Any] | None
        if isinstance(self.understanding, Understanding):
            understanding = self.understanding.to_dict()
        else:
            understanding = self.understanding

        plan: dict[str, Any] | None
        if isinstance(self.plan, Plan):
            plan = self.plan.to_dict()
        else:
            plan = self.plan

        optimization: dict[str, Any] | None
        if isinstance(self.optimization, Optimization):
            optimization = self.optimization.to_dict()
        else:
            optimization = self.optimization

        error: None | str
        error = self.error

        timestamp: None | str
        if isinstance(self.timestamp, datetime.datetime):
            timestamp = self.timestamp.isoformat()
        else:
            timestamp = self.timestamp

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "job_id": job_id,
                "message": message,
                "skill_content": skill_content,
                "validation_report": validation_report,
                "extra_files": extra_files,
                "understanding": understanding,
                "plan": plan,
                "optimization": optimization,
                "error": error,
                "timestamp": timestamp,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.draft_file import DraftFile  # noqa: PLC0415
        from ..models.draft_report import DraftReport  # noqa: PLC0415
        from ..models.optimization import Optimization  # noqa: PLC0415
        from ..models.plan import Plan  # noqa: PLC0415
        from ..models.understanding import Understanding  # noqa: PLC0415

        d = dict(src_dict)
        status = JobStatus(d.pop("status"))

        job_id = UUID(d.pop("job_id"))

        message = d.pop("message")

        def _parse_skill_content(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        skill_content = _parse_skill_content(d.pop("skill_content"))

        def _parse_validation_report(data: object) -> DraftReport | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                validation_report_type_0 = DraftReport.from_dict(data)

                return validation_report_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DraftReport | None, data)

        validation_report = _parse_validation_report(d.pop("validation_report"))

        def _parse_extra_files(data: object) -> list[DraftFile] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                extra_files_type_0 = []
                _extra_files_type_0 = data
                for extra_files_type_0_item_data in _extra_files_type_0:
                    extra_files_type_0_item = DraftFile.from_dict(extra_files_type_0_item_data)

                    extra_files_type_0.append(extra_files_type_0_item)

                return extra_files_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[DraftFile] | None, data)

        extra_files = _parse_extra_files(d.pop("extra_files"))

        def _parse_understanding(data: object) -> None | Understanding:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                understanding_type_0 = Understanding.from_dict(data)

                return understanding_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Understanding, data)

        understanding = _parse_understanding(d.pop("understanding"))

        def _parse_plan(data: object) -> None | Plan:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                plan_type_0 = Plan.from_dict(data)

                return plan_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Plan, data)

        plan = _parse_plan(d.pop("plan"))

        def _parse_optimization(data: object) -> None | Optimization:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                optimization_type_0 = Optimization.from_dict(data)

                return optimization_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Optimization, data)

        optimization = _parse_optimization(d.pop("optimization"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        def _parse_timestamp(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                timestamp_type_0 = datetime.datetime.fromisoformat(data)

                return timestamp_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        timestamp = _parse_timestamp(d.pop("timestamp"))

        job_result = cls(
            status=status,
            job_id=job_id,
            message=message,
            skill_content=skill_content,
            validation_report=validation_report,
            extra_files=extra_files,
            understanding=understanding,
            plan=plan,
            optimization=optimization,
            error=error,
            timestamp=timestamp,
        )

        job_result.additional_properties = d
        return job_result

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
