from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status import JobStatus
from ..models.prompt_outcome_status import PromptOutcomeStatus

T = TypeVar("T", bound="PromptOutcome")


@_attrs_define
class PromptOutcome:
    """What became of an answer to a prompt.

    Attributes:
        status (PromptOutcomeStatus): `ignored` where nobody asked, somebody else was first, or the answer came twice.
        job_status (JobStatus): `pending` waits to begin, `pending_hitl` waits for a person; the last three are final.
        detail (None | str): Why it was ignored.
    """

    status: PromptOutcomeStatus
    job_status: JobStatus
    detail: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status.value

        job_status = self.job_status.value

        detail: None | str
        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "job_status": job_status,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = PromptOutcomeStatus(d.pop("status"))

        job_status = JobStatus(d.pop("job_status"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail"))

        prompt_outcome = cls(
            status=status,
            job_status=job_status,
            detail=detail,
        )

        prompt_outcome.additional_properties = d
        return prompt_outcome

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
