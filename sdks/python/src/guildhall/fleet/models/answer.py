from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.action import Action
    from ..models.answer_metadata import AnswerMetadata


T = TypeVar("T", bound="Answer")


@_attrs_define
class Answer:
    """What the assistant said.

    Attributes:
        response (str):
        session_id (str):
        requires_action (bool): Whether the person is asked something.
        action (Action | None):
        reasoning (str): Always empty; the original's key.
        suggested_actions (list[str]): Words that make sense to say next.
        sequence (int): The answer's number in its session.
        metadata (AnswerMetadata): What an answer is about.
    """

    response: str
    session_id: str
    requires_action: bool
    action: Action | None
    reasoning: str
    suggested_actions: list[str]
    sequence: int
    metadata: AnswerMetadata
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.action import Action  # noqa: PLC0415

        response = self.response

        session_id = self.session_id

        requires_action = self.requires_action

        action: dict[str, Any] | None
        if isinstance(self.action, Action):
            action = self.action.to_dict()
        else:
            action = self.action

        reasoning = self.reasoning

        suggested_actions = self.suggested_actions

        sequence = self.sequence

        metadata = self.metadata.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "response": response,
                "session_id": session_id,
                "requires_action": requires_action,
                "action": action,
                "reasoning": reasoning,
                "suggested_actions": suggested_actions,
                "sequence": sequence,
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.action import Action  # noqa: PLC0415
        from ..models.answer_metadata import AnswerMetadata  # noqa: PLC0415

        d = dict(src_dict)
        response = d.pop("response")

        session_id = d.pop("session_id")

        requires_action = d.pop("requires_action")

        def _parse_action(data: object) -> Action | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                action_type_0 = Action.from_dict(data)

                return action_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Action | None, data)

        action = _parse_action(d.pop("action"))

        reasoning = d.pop("reasoning")

        suggested_actions = cast(list[str], d.pop("suggested_actions"))

        sequence = d.pop("sequence")

        metadata = AnswerMetadata.from_dict(d.pop("metadata"))

        answer = cls(
            response=response,
            session_id=session_id,
            requires_action=requires_action,
            action=action,
            reasoning=reasoning,
            suggested_actions=suggested_actions,
            sequence=sequence,
            metadata=metadata,
        )

        answer.additional_properties = d
        return answer

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
