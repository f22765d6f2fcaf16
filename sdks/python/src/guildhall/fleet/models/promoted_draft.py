from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PromotedDraft")


@_attrs_define
class PromotedDraft:
    """The draft is a skill.

    Attributes:
        status (Literal['promoted']):
        skill_id (str):
        taxonomy_path (str):
        job_id (str):
        final_path (str):
        version (None | str):
    """

    status: Literal["promoted"]
    skill_id: str
    taxonomy_path: str
    job_id: str
    final_path: str
    version: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        skill_id = self.skill_id

        taxonomy_path = self.taxonomy_path

        job_id = self.job_id

        final_path = self.final_path

        version: None | str
        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "skill_id": skill_id,
                "taxonomy_path": taxonomy_path,
                "job_id": job_id,
                "final_path": final_path,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = cast(Literal["promoted"], d.pop("status"))
        if status != "promoted":
            raise ValueError(f"status must match const 'promoted', got '{status}'")

        skill_id = d.pop("skill_id")

        taxonomy_path = d.pop("taxonomy_path")

        job_id = d.pop("job_id")

        final_path = d.pop("final_path")

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))

        promoted_draft = cls(
            status=status,
            skill_id=skill_id,
            taxonomy_path=taxonomy_path,
            job_id=job_id,
            final_path=final_path,
            version=version,
        )

        promoted_draft.additional_properties = d
        return promoted_draft

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
