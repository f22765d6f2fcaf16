from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.asked_question import AskedQuestion


T = TypeVar("T", bound="ActionData")


@_attrs_define
class ActionData:
    """What is asked: of a job's prompt its ids, the words that answer it, and the prompt's own data beside them.

    Attributes:
        job_id (UUID | Unset):
        prompt_id (UUID | Unset):
        options (list[str] | Unset):
        question (AskedQuestion | Unset): One of a prompt's questions, the one that is next.
    """

    job_id: UUID | Unset = UNSET
    prompt_id: UUID | Unset = UNSET
    options: list[str] | Unset = UNSET
    question: AskedQuestion | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id: str | Unset = UNSET
        if not isinstance(self.job_id, Unset):
            job_id = str(self.job_id)

        prompt_id: str | Unset = UNSET
        if not isinstance(self.prompt_id, Unset):
            prompt_id = str(self.prompt_id)

        options: list[str] | Unset = UNSET
        if not isinstance(self.options, Unset):
            options = self.options

        question: dict[str, Any] | Unset = UNSET
        if not isinstance(self.question, Unset):
            question = self.question.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if job_id is not UNSET:
            field_dict["job_id"] = job_id
        if prompt_id is not UNSET:
            field_dict["prompt_id"] = prompt_id
        if options is not UNSET:
            field_dict["options"] = options
        if question is not UNSET:
            field_dict["question"] = question

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.asked_question import AskedQuestion  # noqa: PLC0415

        d = dict(src_dict)
        _job_id = d.pop("job_id", UNSET)
        job_id: UUID | Unset
        if isinstance(_job_id, Unset):
            job_id = UNSET
        else:
            job_id = UUID(_job_id)

        _prompt_id = d.pop("prompt_id", UNSET)
        prompt_id: UUID | Unset
        if isinstance(_prompt_id, Unset):
            prompt_id = UNSET
        else:
            prompt_id = UUID(_prompt_id)

        options = cast(list[str], d.pop("options", UNSET))

        _question = d.pop("question", UNSET)
        question: AskedQuestion | Unset
        if isinstance(_question, Unset):
            question = UNSET
        else:
            question = AskedQuestion.from_dict(_question)

        action_data = cls(
            job_id=job_id,
            prompt_id=prompt_id,
            options=options,
            question=question,
        )

        action_data.additional_properties = d
        return action_data

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
