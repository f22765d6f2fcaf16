from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.question_type import QuestionType

T = TypeVar("T", bound="AskedQuestion")


@_attrs_define
class AskedQuestion:
    """One of a prompt's questions, the one that is next.

    Attributes:
        id (str):
        text (None | str):
        type_ (None | QuestionType):
        rationale (None | str):
        options (list[str]):
    """

    id: str
    text: None | str
    type_: None | QuestionType
    rationale: None | str
    options: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        text: None | str
        text = self.text

        type_: None | str
        if isinstance(self.type_, QuestionType):
            type_ = self.type_.value
        else:
            type_ = self.type_

        rationale: None | str
        rationale = self.rationale

        options = self.options

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "text": text,
                "type": type_,
                "rationale": rationale,
                "options": options,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        def _parse_text(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text = _parse_text(d.pop("text"))

        def _parse_type_(data: object) -> None | QuestionType:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = QuestionType(data)

                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | QuestionType, data)

        type_ = _parse_type_(d.pop("type"))

        def _parse_rationale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rationale = _parse_rationale(d.pop("rationale"))

        options = cast(list[str], d.pop("options"))

        asked_question = cls(
            id=id,
            text=text,
            type_=type_,
            rationale=rationale,
            options=options,
        )

        asked_question.additional_properties = d
        return asked_question

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
