from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status import JobStatus

T = TypeVar("T", bound="StreamEnded")


@_attrs_define
class StreamEnded:
    """The job is finished: nothing more will come but `[DONE]`.

    Attributes:
        type_ (Literal['complete']):
        status (JobStatus): `pending` waits to begin, `pending_hitl` waits for a person; the last three are final.
        job_id (UUID):
        message (str):
    """

    type_: Literal["complete"]
    status: JobStatus
    job_id: UUID
    message: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        status = self.status.value

        job_id = str(self.job_id)

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "status": status,
                "job_id": job_id,
                "message": message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = cast(Literal["complete"], d.pop("type"))
        if type_ != "complete":
            raise ValueError(f"type must match const 'complete', got '{type_}'")

        status = JobStatus(d.pop("status"))

        job_id = UUID(d.pop("job_id"))

        message = d.pop("message")

        stream_ended = cls(
            type_=type_,
            status=status,
            job_id=job_id,
            message=message,
        )

        stream_ended.additional_properties = d
        return stream_ended

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
