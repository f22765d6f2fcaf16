from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status import JobStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.event_data import EventData


T = TypeVar("T", bound="JobStatusMessage")


@_attrs_define
class JobStatusMessage:
    """The job's status is another.

    Attributes:
        job_id (UUID):
        message (str):
        sequence (int): The event's number where it has one, else -1.
        type_ (Literal['status']):
        status (JobStatus): `pending` waits to begin, `pending_hitl` waits for a person; the last three are final.
        data (EventData): What happened, in the keys of that kind of event.
        phase (None | str | Unset):
        timestamp (float | Unset):
    """

    job_id: UUID
    message: str
    sequence: int
    type_: Literal["status"]
    status: JobStatus
    data: EventData
    phase: None | str | Unset = UNSET
    timestamp: float | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        message = self.message

        sequence = self.sequence

        type_ = self.type_

        status = self.status.value

        data = self.data.to_dict()

        phase: None | str | Unset
        if isinstance(self.phase, Unset):
            phase = UNSET
        else:
            phase = self.phase

        timestamp = self.timestamp

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
        if phase is not UNSET:
            field_dict["phase"] = phase
        if timestamp is not UNSET:
            field_dict["timestamp"] = timestamp

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_data import EventData  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        message = d.pop("message")

        sequence = d.pop("sequence")

        type_ = cast(Literal["status"], d.pop("type"))
        if type_ != "status":
            raise ValueError(f"type must match const 'status', got '{type_}'")

        status = JobStatus(d.pop("status"))

        data = EventData.from_dict(d.pop("data"))

        def _parse_phase(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phase = _parse_phase(d.pop("phase", UNSET))

        timestamp = d.pop("timestamp", UNSET)

        job_status_message = cls(
            job_id=job_id,
            message=message,
            sequence=sequence,
            type_=type_,
            status=status,
            data=data,
            phase=phase,
            timestamp=timestamp,
        )

        job_status_message.additional_properties = d
        return job_status_message

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
