from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.said_message import SaidMessage


T = TypeVar("T", bound="History")


@_attrs_define
class History:
    """A conversation, in its order.

    Attributes:
        session_id (str):
        messages (list[SaidMessage]):
    """

    session_id: str
    messages: list[SaidMessage]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        messages = []
        for messages_item_data in self.messages:
            messages_item = messages_item_data.to_dict()
            messages.append(messages_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "messages": messages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.said_message import SaidMessage  # noqa: PLC0415

        d = dict(src_dict)
        session_id = d.pop("session_id")

        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:
            messages_item = SaidMessage.from_dict(messages_item_data)

            messages.append(messages_item)

        history = cls(
            session_id=session_id,
            messages=messages,
        )

        history.additional_properties = d
        return history

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
