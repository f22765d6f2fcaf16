from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.message_body_context_type_0 import MessageBodyContextType0


T = TypeVar("T", bound="MessageBody")


@_attrs_define
class MessageBody:
    """Something said in a conversation.

    Attributes:
        message (str):
        session_id (None | str | Unset):  Default: ''.
        client_message_id (None | str | Unset):  Default: ''.
        context (MessageBodyContextType0 | None | Unset):
        user_id (None | str | Unset):  Default: ''.
    """

    message: str
    session_id: None | str | Unset = ""
    client_message_id: None | str | Unset = ""
    context: MessageBodyContextType0 | None | Unset = UNSET
    user_id: None | str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.message_body_context_type_0 import MessageBodyContextType0  # noqa: PLC0415

        message = self.message

        session_id: None | str | Unset
        if isinstance(self.session_id, Unset):
            session_id = UNSET
        else:
            session_id = self.session_id

        client_message_id: None | str | Unset
        if isinstance(self.client_message_id, Unset):
            client_message_id = UNSET
        else:
            client_message_id = self.client_message_id

        context: dict[str, Any] | None | Unset
        if isinstance(self.context, Unset):
            context = UNSET
        elif isinstance(self.context, MessageBodyContextType0):
            context = self.context.to_dict()
        else:
            context = self.context

        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        else:
            user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "message": message,
            }
        )
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if client_message_id is not UNSET:
            field_dict["client_message_id"] = client_message_id
        if context is not UNSET:
            field_dict["context"] = context
        if user_id is not UNSET:
            field_dict["user_id"] = user_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.message_body_context_type_0 import MessageBodyContextType0  # noqa: PLC0415

        d = dict(src_dict)
        message = d.pop("message")

        def _parse_session_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        session_id = _parse_session_id(d.pop("session_id", UNSET))

        def _parse_client_message_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        client_message_id = _parse_client_message_id(d.pop("client_message_id", UNSET))

        def _parse_context(data: object) -> MessageBodyContextType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                context_type_0 = MessageBodyContextType0.from_dict(data)

                return context_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MessageBodyContextType0 | None | Unset, data)

        context = _parse_context(d.pop("context", UNSET))

        def _parse_user_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

        message_body = cls(
            message=message,
            session_id=session_id,
            client_message_id=client_message_id,
            context=context,
            user_id=user_id,
        )

        message_body.additional_properties = d
        return message_body

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
