from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.saved_categories_status import SavedCategoriesStatus

T = TypeVar("T", bound="SavedCategories")


@_attrs_define
class SavedCategories:
    """What became of several categories.

    Attributes:
        status (SavedCategoriesStatus):
        message (str):
        updates_applied (list[str]): Paths.
        errors (list[str] | None):
    """

    status: SavedCategoriesStatus
    message: str
    updates_applied: list[str]
    errors: list[str] | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status.value

        message = self.message

        updates_applied = self.updates_applied

        errors: list[str] | None
        if isinstance(self.errors, list):
            errors = self.errors

        else:
            errors = self.errors

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "message": message,
                "updates_applied": updates_applied,
                "errors": errors,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status = SavedCategoriesStatus(d.pop("status"))

        message = d.pop("message")

        updates_applied = cast(list[str], d.pop("updates_applied"))

        def _parse_errors(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                errors_type_0 = cast(list[str], data)

                return errors_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        errors = _parse_errors(d.pop("errors"))

        saved_categories = cls(
            status=status,
            message=message,
            updates_applied=updates_applied,
            errors=errors,
        )

        saved_categories.additional_properties = d
        return saved_categories

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
