from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="InteractionData")


@_attrs_define
class InteractionData:
    """What a user was seen to do.

    Attributes:
        frequent_domains (list[str] | None | Unset):
    """

    frequent_domains: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        frequent_domains: list[str] | None | Unset
        if isinstance(self.frequent_domains, Unset):
            frequent_domains = UNSET
        elif isinstance(self.frequent_domains, list):
            frequent_domains = self.frequent_domains

        else:
            frequent_domains = self.frequent_domains

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if frequent_domains is not UNSET:
            field_dict["frequent_domains"] = frequent_domains

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_frequent_domains(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                frequent_domains_type_0 = cast(list[str], data)

                return frequent_domains_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        frequent_domains = _parse_frequent_domains(d.pop("frequent_domains", UNSET))

        interaction_data = cls(
            frequent_domains=frequent_domains,
        )

        interaction_data.additional_properties = d
        return interaction_data

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
