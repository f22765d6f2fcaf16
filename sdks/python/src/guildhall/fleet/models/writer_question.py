from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.question_type import QuestionType
from ..types import UNSET, Unset

T = TypeVar("T", bound="WriterQuestion")


@_attrs_define
class WriterQuestion:
    """A question that the request leaves open.

    Attributes:
        topic (str):
        text (str):
        type_ (QuestionType): How a question is answered.
        options (list[str] | Unset):
        allows_other (bool | Unset):
        rationale (str | Unset):
    """

    topic: str
    text: str
    type_: QuestionType
    options: list[str] | Unset = UNSET
    allows_other: bool | Unset = UNSET
    rationale: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        topic = self.topic

        text = self.text

        type_ = self.type_.value

        options: list[str] | Unset = UNSET
        if not isinstance(self.options, Unset):
            options = self.options

        allows_other = self.allows_other

        rationale = self.rationale

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "topic": topic,
                "text": text,
                "type": type_,
            }
        )
        if options is not UNSET:
            field_dict["options"] = options
        if allows_other is not UNSET:
            field_dict["allows_other"] = allows_other
        if rationale is not UNSET:
            field_dict["rationale"] = rationale

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        topic = d.pop("topic")

        text = d.pop("text")

        type_ = QuestionType(d.pop("type"))

        options = cast(list[str], d.pop("options", UNSET))

        allows_other = d.pop("allows_other", UNSET)

        rationale = d.pop("rationale", UNSET)

        writer_question = cls(
            topic=topic,
            text=text,
            type_=type_,
            options=options,
            allows_other=allows_other,
            rationale=rationale,
        )

        writer_question.additional_properties = d
        return writer_question

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
