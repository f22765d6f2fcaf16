from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.event_data import EventData


T = TypeVar("T", bound="PhaseFinished")


@_attrs_define
class PhaseFinished:
    """A phase is over.

    Attributes:
        job_id (UUID):
        message (str):
        sequence (int): The event's number where it has one, else -1.
        phase (None | str):
        timestamp (float): Seconds since 1970.
        type_ (Literal['phase_end']):
        data (EventData): What happened, in the keys of that kind of event.
    """

    job_id: UUID
    message: str
    sequence: int
    phase: None | str
    timestamp: float
    type_: Literal["phase_end"]
    data: EventData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        message = self.message

        sequence = self.sequence

        phase: None | str
        phase = self.phase

        timestamp = self.timestamp

        type_ = self.type_

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "message": message,
                "sequence": sequence,
                "phase": phase,
                "timestamp": timestamp,
                "type": type_,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_data import EventData  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        message = d.pop("message")

        sequence = d.pop("sequence")

        def _parse_phase(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        phase = _parse_phase(d.pop("phase"))

        timestamp = d.pop("timestamp")

        type_ = cast(Literal["phase_end"], d.pop("type"))
        if type_ != "phase_end":
            raise ValueError(f"type must match const 'phase_end', got '{type_}'")

        data = EventData.from_dict(d.pop("data"))

        phase_finished = cls(
            job_id=job_id,
            message=message,
            sequence=sequence,
            phase=phase,
            timestamp=timestamp,
            type_=type_,
            data=data,
        )

        phase_finished.additional_properties = d
        return phase_finished

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
