from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FinishedModuleData")


@_attrs_define
class FinishedModuleData:
    """A step that is done.

    Attributes:
        module (str):
        step (str):
        round_ (int):
        duration_ms (int):
        success (bool):
    """

    module: str
    step: str
    round_: int
    duration_ms: int
    success: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        module = self.module

        step = self.step

        round_ = self.round_

        duration_ms = self.duration_ms

        success = self.success

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "module": module,
                "step": step,
                "round": round_,
                "duration_ms": duration_ms,
                "success": success,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        module = d.pop("module")

        step = d.pop("step")

        round_ = d.pop("round")

        duration_ms = d.pop("duration_ms")

        success = d.pop("success")

        finished_module_data = cls(
            module=module,
            step=step,
            round_=round_,
            duration_ms=duration_ms,
            success=success,
        )

        finished_module_data.additional_properties = d
        return finished_module_data

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
