from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.interaction_data import InteractionData


T = TypeVar("T", bound="AdaptBody")


@_attrs_define
class AdaptBody:
    """The document's `priorities`, `hidden`, `experience_level`, and the original's history.

    Attributes:
        priorities (list[str] | None | Unset):
        hidden (list[str] | None | Unset):
        experience_level (None | str | Unset):
        query_history (list[str] | None | Unset):
        interaction_data (InteractionData | None | Unset):
        user_id (None | str | Unset):  Default: ''.
    """

    priorities: list[str] | None | Unset = UNSET
    hidden: list[str] | None | Unset = UNSET
    experience_level: None | str | Unset = UNSET
    query_history: list[str] | None | Unset = UNSET
    interaction_data: InteractionData | None | Unset = UNSET
    user_id: None | str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.interaction_data import InteractionData  # noqa: PLC0415

        priorities: list[str] | None | Unset
        if isinstance(self.priorities, Unset):
            priorities = UNSET
        elif isinstance(self.priorities, list):
            priorities = self.priorities

        else:
            priorities = self.priorities

        hidden: list[str] | None | Unset
        if isinstance(self.hidden, Unset):
            hidden = UNSET
        elif isinstance(self.hidden, list):
            hidden = self.hidden

        else:
            hidden = self.hidden

        experience_level: None | str | Unset
        if isinstance(self.experience_level, Unset):
            experience_level = UNSET
        else:
            experience_level = self.experience_level

        query_history: list[str] | None | Unset
        if isinstance(self.query_history, Unset):
            query_history = UNSET
        elif isinstance(self.query_history, list):
            query_history = self.query_history

        else:
            query_history = self.query_history

        interaction_data: dict[str, Any] | None | Unset
        if isinstance(self.interaction_data, Unset):
            interaction_data = UNSET
        elif isinstance(self.interaction_data, InteractionData):
            interaction_data = self.interaction_data.to_dict()
        else:
            interaction_data = self.interaction_data

        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        else:
            user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if priorities is not UNSET:
            field_dict["priorities"] = priorities
        if hidden is not UNSET:
            field_dict["hidden"] = hidden
        if experience_level is not UNSET:
            field_dict["experience_level"] = experience_level
        if query_history is not UNSET:
            field_dict["query_history"] = query_history
        if interaction_data is not UNSET:
            field_dict["interaction_data"] = interaction_data
        if user_id is not UNSET:
            field_dict["user_id"] = user_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.interaction_data import InteractionData  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_priorities(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                priorities_type_0 = cast(list[str], data)

                return priorities_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        priorities = _parse_priorities(d.pop("priorities", UNSET))

        def _parse_hidden(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                hidden_type_0 = cast(list[str], data)

                return hidden_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        hidden = _parse_hidden(d.pop("hidden", UNSET))

        def _parse_experience_level(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        experience_level = _parse_experience_level(d.pop("experience_level", UNSET))

        def _parse_query_history(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                query_history_type_0 = cast(list[str], data)

                return query_history_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        query_history = _parse_query_history(d.pop("query_history", UNSET))

        def _parse_interaction_data(data: object) -> InteractionData | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                interaction_data_type_0 = InteractionData.from_dict(data)

                return interaction_data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(InteractionData | None | Unset, data)

        interaction_data = _parse_interaction_data(d.pop("interaction_data", UNSET))

        def _parse_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

        adapt_body = cls(
            priorities=priorities,
            hidden=hidden,
            experience_level=experience_level,
            query_history=query_history,
            interaction_data=interaction_data,
            user_id=user_id,
        )

        adapt_body.additional_properties = d
        return adapt_body

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
