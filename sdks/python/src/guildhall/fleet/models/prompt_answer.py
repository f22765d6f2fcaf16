from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.prompt_answer_answers_type_0 import PromptAnswerAnswersType0


T = TypeVar("T", bound="PromptAnswer")


@_attrs_define
class PromptAnswer:
    """An answer to a job's prompt, in one of these forms:

    `question_id` with `response`; `answers` by question id, or all in one text; `action` with `feedback`;
    `skill_name`, `description` and `accept_suggestions`; or the question ids themselves as keys.

        Attributes:
            question_id (str | Unset):
            response (bool | float | list[str] | str | Unset): The answer to the question, or a word that decides.
            prompt_id (UUID | Unset): Makes sure that no other prompt is answered.
            action (str | Unset): `proceed`, `revise` or `cancel`, or a word like it (`GET /api/v1/hitl/config`).
            feedback (None | str | Unset): What should be otherwise.
            focus_areas (list[str] | None | Unset):
            answers (PromptAnswerAnswersType0 | str | Unset): By question id, or one text: `Q1: … A1: …`.
            skill_name (None | str | Unset):
            description (None | str | Unset):
            accept_suggestions (bool | Unset):
    """

    question_id: str | Unset = UNSET
    response: bool | float | list[str] | str | Unset = UNSET
    prompt_id: UUID | Unset = UNSET
    action: str | Unset = UNSET
    feedback: None | str | Unset = UNSET
    focus_areas: list[str] | None | Unset = UNSET
    answers: PromptAnswerAnswersType0 | str | Unset = UNSET
    skill_name: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    accept_suggestions: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.prompt_answer_answers_type_0 import PromptAnswerAnswersType0  # noqa: PLC0415

        question_id = self.question_id

        response: bool | float | list[str] | str | Unset
        if isinstance(self.response, Unset):
            response = UNSET
        elif isinstance(self.response, list):
            response = self.response

        else:
            response = self.response

        prompt_id: str | Unset = UNSET
        if not isinstance(self.prompt_id, Unset):
            prompt_id = str(self.prompt_id)

        action = self.action

        feedback: None | str | Unset
        if isinstance(self.feedback, Unset):
            feedback = UNSET
        else:
            feedback = self.feedback

        focus_areas: list[str] | None | Unset
        if isinstance(self.focus_areas, Unset):
            focus_areas = UNSET
        elif isinstance(self.focus_areas, list):
            focus_areas = self.focus_areas

        else:
            focus_areas = self.focus_areas

        answers: dict[str, Any] | str | Unset
        if isinstance(self.answers, Unset):
            answers = UNSET
        elif isinstance(self.answers, PromptAnswerAnswersType0):
            answers = self.answers.to_dict()
        else:
            answers = self.answers

        skill_name: None | str | Unset
        if isinstance(self.skill_name, Unset):
            skill_name = UNSET
        else:
            skill_name = self.skill_name

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        accept_suggestions = self.accept_suggestions

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if question_id is not UNSET:
            field_dict["question_id"] = question_id
        if response is not UNSET:
            field_dict["response"] = response
        if prompt_id is not UNSET:
            field_dict["prompt_id"] = prompt_id
        if action is not UNSET:
            field_dict["action"] = action
        if feedback is not UNSET:
            field_dict["feedback"] = feedback
        if focus_areas is not UNSET:
            field_dict["focus_areas"] = focus_areas
        if answers is not UNSET:
            field_dict["answers"] = answers
        if skill_name is not UNSET:
            field_dict["skill_name"] = skill_name
        if description is not UNSET:
            field_dict["description"] = description
        if accept_suggestions is not UNSET:
            field_dict["accept_suggestions"] = accept_suggestions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.prompt_answer_answers_type_0 import PromptAnswerAnswersType0  # noqa: PLC0415

        d = dict(src_dict)
        question_id = d.pop("question_id", UNSET)

        def _parse_response(data: object) -> bool | float | list[str] | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                response_type_3 = cast(list[str], data)

                return response_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | float | list[str] | str | Unset, data)

        response = _parse_response(d.pop("response", UNSET))

        _prompt_id = d.pop("prompt_id", UNSET)
        prompt_id: UUID | Unset
        if isinstance(_prompt_id, Unset):
            prompt_id = UNSET
        else:
            prompt_id = UUID(_prompt_id)

        action = d.pop("action", UNSET)

        def _parse_feedback(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        feedback = _parse_feedback(d.pop("feedback", UNSET))

        def _parse_focus_areas(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                focus_areas_type_0 = cast(list[str], data)

                return focus_areas_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        focus_areas = _parse_focus_areas(d.pop("focus_areas", UNSET))

        def _parse_answers(data: object) -> PromptAnswerAnswersType0 | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                answers_type_0 = PromptAnswerAnswersType0.from_dict(data)

                return answers_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(PromptAnswerAnswersType0 | str | Unset, data)

        answers = _parse_answers(d.pop("answers", UNSET))

        def _parse_skill_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        skill_name = _parse_skill_name(d.pop("skill_name", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        accept_suggestions = d.pop("accept_suggestions", UNSET)

        prompt_answer = cls(
            question_id=question_id,
            response=response,
            prompt_id=prompt_id,
            action=action,
            feedback=feedback,
            focus_areas=focus_areas,
            answers=answers,
            skill_name=skill_name,
            description=description,
            accept_suggestions=accept_suggestions,
        )

        prompt_answer.additional_properties = d
        return prompt_answer

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
