from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.job_usage_writers import JobUsageWriters
    from ..models.writer_call import WriterCall


T = TypeVar("T", bound="JobUsage")


@_attrs_define
class JobUsage:
    """What writers used for the job.

    Attributes:
        input_tokens (int):
        output_tokens (int):
        cost (float | None): In USD; null where no price is known.
        writers (JobUsageWriters): The steps that each writer wrote.
        calls (list[WriterCall]): The newest two hundred.
    """

    input_tokens: int
    output_tokens: int
    cost: float | None
    writers: JobUsageWriters
    calls: list[WriterCall]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        input_tokens = self.input_tokens

        output_tokens = self.output_tokens

        cost: float | None
        cost = self.cost

        writers = self.writers.to_dict()

        calls = []
        for calls_item_data in self.calls:
            calls_item = calls_item_data.to_dict()
            calls.append(calls_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "input_tokens": input_tokens,
                "output_tokens": output_tokens,
                "cost": cost,
                "writers": writers,
                "calls": calls,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_usage_writers import JobUsageWriters  # noqa: PLC0415
        from ..models.writer_call import WriterCall  # noqa: PLC0415

        d = dict(src_dict)
        input_tokens = d.pop("input_tokens")

        output_tokens = d.pop("output_tokens")

        def _parse_cost(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost = _parse_cost(d.pop("cost"))

        writers = JobUsageWriters.from_dict(d.pop("writers"))

        calls = []
        _calls = d.pop("calls")
        for calls_item_data in _calls:
            calls_item = WriterCall.from_dict(calls_item_data)

            calls.append(calls_item)

        job_usage = cls(
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cost=cost,
            writers=writers,
            calls=calls,
        )

        job_usage.additional_properties = d
        return job_usage

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
