from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status import JobStatus

if TYPE_CHECKING:
    from ..models.pause_data import PauseData


T = TypeVar("T", bound="JobPaused")


@_attrs_define
class JobPaused:
    """The job waits for a person.

    Attributes:
        job_id (UUID):
        message (str):
        sequence (int): The event's number where it has one, else -1.
        type_ (Literal['hitl_pause']):
        status (JobStatus): `pending` waits to begin, `pending_hitl` waits for a person; the last three are final.
        data (PauseData): What the job waits for.
    """

    job_id: UUID
    message: str
    sequence: int
    type_: Literal["hitl_pause"]
    status: JobStatus
    data: PauseData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        message = self.message

        sequence = self.sequence

        type_ = self.type_

        status = self.status.value

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "message": message,
                "sequence": sequence,
                "type": type_,
                "status": status,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pause_data import PauseData  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        message = d.pop("message")

        sequence = d.pop("sequence")

        type_ = cast(Literal["hitl_pause"], d.pop("type"))
        if type_ != "hitl_pause":
            raise ValueError(f"type must match const 'hitl_pause', got '{type_}'")

        status = JobStatus(d.pop("status"))

        data = PauseData.from_dict(d.pop("data"))

        job_paused = cls(
            job_id=job_id,
            message=message,
            sequence=sequence,
            type_=type_,
            status=status,
            data=data,
        )

        job_paused.additional_properties = d
        return job_paused

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
