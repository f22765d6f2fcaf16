from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.text_data import TextData


T = TypeVar("T", bound="TextWritten")


@_attrs_define
class TextWritten:
    """A piece of the text; only of jobs that were asked to stream it.

    Attributes:
        job_id (UUID):
        message (str):
        sequence (int): The event's number where it has one, else -1.
        type_ (Literal['token_stream']):
        data (TextData): A piece of the text that is being written.
    """

    job_id: UUID
    message: str
    sequence: int
    type_: Literal["token_stream"]
    data: TextData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        message = self.message

        sequence = self.sequence

        type_ = self.type_

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "job_id": job_id,
                "message": message,
                "sequence": sequence,
                "type": type_,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.text_data import TextData  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("job_id"))

        message = d.pop("message")

        sequence = d.pop("sequence")

        type_ = cast(Literal["token_stream"], d.pop("type"))
        if type_ != "token_stream":
            raise ValueError(f"type must match const 'token_stream', got '{type_}'")

        data = TextData.from_dict(d.pop("data"))

        text_written = cls(
            job_id=job_id,
            message=message,
            sequence=sequence,
            type_=type_,
            data=data,
        )

        text_written.additional_properties = d
        return text_written

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
