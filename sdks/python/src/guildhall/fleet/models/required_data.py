from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hitl_type import HitlType
from ..models.prompt_type import PromptType

if TYPE_CHECKING:
    from ..models.prompt_data import PromptData


T = TypeVar("T", bound="RequiredData")


@_attrs_define
class RequiredData:
    """What is asked.

    Attributes:
        hitl_type (HitlType): The original's words for kinds of prompts.
        prompt_type (PromptType): What a job asks a person.
        prompt_id (UUID):
        data (PromptData): What is asked. Which keys are there follows from the prompt's type.
    """

    hitl_type: HitlType
    prompt_type: PromptType
    prompt_id: UUID
    data: PromptData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hitl_type = self.hitl_type.value

        prompt_type = self.prompt_type.value

        prompt_id = str(self.prompt_id)

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hitl_type": hitl_type,
                "prompt_type": prompt_type,
                "prompt_id": prompt_id,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.prompt_data import PromptData  # noqa: PLC0415

        d = dict(src_dict)
        hitl_type = HitlType(d.pop("hitl_type"))

        prompt_type = PromptType(d.pop("prompt_type"))

        prompt_id = UUID(d.pop("prompt_id"))

        data = PromptData.from_dict(d.pop("data"))

        required_data = cls(
            hitl_type=hitl_type,
            prompt_type=prompt_type,
            prompt_id=prompt_id,
            data=data,
        )

        required_data.additional_properties = d
        return required_data

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
