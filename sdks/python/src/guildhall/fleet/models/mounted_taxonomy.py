from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.structure import Structure


T = TypeVar("T", bound="MountedTaxonomy")


@_attrs_define
class MountedTaxonomy:
    """A user's taxonomy in the original's form.

    Attributes:
        global_structure (Structure): Categories as nested objects: the path `technical/programming` is `{"technical":
            {"programming": {}}}`.
        mounted_skills (list[str]): The skills the user's agents are shown.
        user_id (str):
    """

    global_structure: Structure
    mounted_skills: list[str]
    user_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        global_structure = self.global_structure.to_dict()

        mounted_skills = self.mounted_skills

        user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "global_structure": global_structure,
                "mounted_skills": mounted_skills,
                "user_id": user_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.structure import Structure  # noqa: PLC0415

        d = dict(src_dict)
        global_structure = Structure.from_dict(d.pop("global_structure"))

        mounted_skills = cast(list[str], d.pop("mounted_skills"))

        user_id = d.pop("user_id")

        mounted_taxonomy = cls(
            global_structure=global_structure,
            mounted_skills=mounted_skills,
            user_id=user_id,
        )

        mounted_taxonomy.additional_properties = d
        return mounted_taxonomy

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
