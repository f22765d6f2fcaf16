from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PromoteBody")


@_attrs_define
class PromoteBody:
    """How the draft becomes a skill.

    Attributes:
        taxonomy_path (None | str | Unset):
        make_active (bool | Unset):  Default: True.
        overwrite (bool | Unset):  Default: True.
        delete_draft (bool | Unset):  Default: False.
        force (bool | Unset):  Default: False.
        acknowledge_findings (bool | Unset):  Default: False.
    """

    taxonomy_path: None | str | Unset = UNSET
    make_active: bool | Unset = True
    overwrite: bool | Unset = True
    delete_draft: bool | Unset = False
    force: bool | Unset = False
    acknowledge_findings: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        taxonomy_path: None | str | Unset
        if isinstance(self.taxonomy_path, Unset):
            taxonomy_path = UNSET
        else:
            taxonomy_path = self.taxonomy_path

        make_active = self.make_active

        overwrite = self.overwrite

        delete_draft = self.delete_draft

        force = self.force

        acknowledge_findings = self.acknowledge_findings

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if taxonomy_path is not UNSET:
            field_dict["taxonomy_path"] = taxonomy_path
        if make_active is not UNSET:
            field_dict["make_active"] = make_active
        if overwrite is not UNSET:
            field_dict["overwrite"] = overwrite
        if delete_draft is not UNSET:
            field_dict["delete_draft"] = delete_draft
        if force is not UNSET:
            field_dict["force"] = force
        if acknowledge_findings is not UNSET:
            field_dict["acknowledge_findings"] = acknowledge_findings

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_taxonomy_path(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        taxonomy_path = _parse_taxonomy_path(d.pop("taxonomy_path", UNSET))

        make_active = d.pop("make_active", UNSET)

        overwrite = d.pop("overwrite", UNSET)

        delete_draft = d.pop("delete_draft", UNSET)

        force = d.pop("force", UNSET)

        acknowledge_findings = d.pop("acknowledge_findings", UNSET)

        promote_body = cls(
            taxonomy_path=taxonomy_path,
            make_active=make_active,
            overwrite=overwrite,
            delete_draft=delete_draft,
            force=force,
            acknowledge_findings=acknowledge_findings,
        )

        promote_body.additional_properties = d
        return promote_body

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
