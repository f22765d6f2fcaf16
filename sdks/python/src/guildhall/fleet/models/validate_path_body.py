from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ValidatePathBody")


@_attrs_define
class ValidatePathBody:
    """What to check, and whether its quality is judged too.

    Attributes:
        skill_path (str):
        use_llm (bool | Unset):  Default: True.
    """

    skill_path: str
    use_llm: bool | Unset = True
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        skill_path = self.skill_path

        use_llm = self.use_llm

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "skill_path": skill_path,
            }
        )
        if use_llm is not UNSET:
            field_dict["use_llm"] = use_llm

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        skill_path = d.pop("skill_path")

        use_llm = d.pop("use_llm", UNSET)

        validate_path_body = cls(
            skill_path=skill_path,
            use_llm=use_llm,
        )

        validate_path_body.additional_properties = d
        return validate_path_body

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
