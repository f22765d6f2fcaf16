from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.flat_question_question_type import FlatQuestionQuestionType

if TYPE_CHECKING:
    from ..models.flat_option import FlatOption


T = TypeVar("T", bound="FlatQuestion")


@_attrs_define
class FlatQuestion:
    """A question in the original's form.

    Attributes:
        id (str):
        text (str):
        question_type (FlatQuestionQuestionType):
        options (list[FlatOption] | None):
        allows_multiple (bool):
        allows_other (bool):
        rationale (None | str):
    """

    id: str
    text: str
    question_type: FlatQuestionQuestionType
    options: list[FlatOption] | None
    allows_multiple: bool
    allows_other: bool
    rationale: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        text = self.text

        question_type = self.question_type.value

        options: list[dict[str, Any]] | None
        if isinstance(self.options, list):
            options = []
            for options_type_0_item_data in self.options:
                options_type_0_item = options_type_0_item_data.to_dict()
                options.append(options_type_0_item)

        else:
            options = self.options

        allows_multiple = self.allows_multiple

        allows_other = self.allows_other

        rationale: None | str
        rationale = self.rationale

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "text": text,
                "question_type": question_type,
                "options": options,
                "allows_multiple": allows_multiple,
                "allows_other": allows_other,
                "rationale": rationale,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.flat_option import FlatOption  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        text = d.pop("text")

        question_type = FlatQuestionQuestionType(d.pop("question_type"))

        def _parse_options(data: object) -> list[FlatOption] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                options_type_0 = []
                _options_type_0 = data
                for options_type_0_item_data in _options_type_0:
                    options_type_0_item = FlatOption.from_dict(options_type_0_item_data)

                    options_type_0.append(options_type_0_item)

                return options_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[FlatOption] | None, data)

        options = _parse_options(d.pop("options"))

        allows_multiple = d.pop("allows_multiple")

        allows_other = d.pop("allows_other")

        def _parse_rationale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rationale = _parse_rationale(d.pop("rationale"))

        flat_question = cls(
            id=id,
            text=text,
            question_type=question_type,
            options=options,
            allows_multiple=allows_multiple,
            allows_other=allows_other,
            rationale=rationale,
        )

        flat_question.additional_properties = d
        return flat_question

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
