from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.module_data import ModuleData


T = TypeVar("T", bound="ModuleStarted")


@_attrs_define
class ModuleStarted:
    """A step begins.

    Attributes:
        job_id (UUID):
        message (str):
        sequence (int): The event's number where it has one, else -1.
        type_ (Literal['module_start']):
        data (ModuleData): Which module, in the original's words, and which step of ours.
    """

    job_id: UUID
    message: str
    sequence: int
    type_: Literal["module_start"]
    data: ModuleData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        message = self.message

        sequence = self.sequence

        type_ = self.type_

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "message": message,
                "sequence": sequence,
                "type": type_,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.module_data import ModuleData  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        message = d.pop("message")

        sequence = d.pop("sequence")

        type_ = cast(Literal["module_start"], d.pop("type"))
        if type_ != "module_start":
            raise ValueError(f"type must match const 'module_start', got '{type_}'")

        data = ModuleData.from_dict(d.pop("data"))

        module_started = cls(
            job_id=job_id,
            message=message,
            sequence=sequence,
            type_=type_,
            data=data,
        )

        module_started.additional_properties = d
        return module_started

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
