"""A job's open prompt as a question in a conversation, and a person's words as the answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.models import Prompt
from jobs.states import ACTION_WORDS, Action, PromptKind

_DECIDE = "Say 'proceed' or 'cancel', or tell me what to change."


@dataclass(frozen=True)
class Question:
    """What to ask now. `key` tells it from all others; `about` is the one of several questions that is next."""

    prompt: Prompt
    key: str
    text: str
    actions: tuple[str, ...]
    about: Mapping[str, Any] | None = None


def question_of(prompt: Prompt | None) -> Question | None:
    if prompt is None:
        return None
    if prompt.kind == PromptKind.CLARIFYING_QUESTIONS:
        return _clarifying(prompt)
    data = prompt.data
    told = {
        PromptKind.CONFIRM: data.get("summary"),
        PromptKind.PREVIEW: data.get("content"),
        PromptKind.REVIEW: data.get("report"),
        PromptKind.STRUCTURE_FIX: _issues(data),
    }[PromptKind(prompt.kind)]
    return Question(prompt, str(prompt.pk), f"{told or ''}\n\n{_DECIDE}".strip(), ("proceed", "cancel"))


def _clarifying(prompt: Prompt) -> Question | None:
    """The first question that has no answer yet."""
    answered = (prompt.response or {}).get("answers", {})
    about = next((one for one in prompt.data.get("questions", []) if one["id"] not in answered), None)
    if about is None:
        return None
    options = tuple(str(option) for option in about.get("options") or ())
    choices = f" ({', '.join(options)})" if options else ""
    return Question(prompt, f"{prompt.pk}:{about['id']}"[:255], f"{about['text']}{choices}", options, about)


def _issues(data: Mapping[str, Any]) -> str:
    fixes = (f"{fix['field']}: {fix['suggested']}" for fix in data.get("suggested_fixes", []) if fix.get("suggested"))
    return "\n".join([*data.get("structure_issues", []), "I suggest:", *fixes])


def decision_of(question: Question, text: str) -> dict[str, Any]:
    """What `jobs.services.answer_prompt` takes. At a checkpoint words that are no decision say what to change."""
    text = text.strip()
    if question.about is not None:
        return {"action": Action.ANSWER, "answers": {question.about["id"]: _option(question, text)}}
    word = text.lower().rstrip(".!")
    action = next((action for action, words in ACTION_WORDS.items() if word in words), None)
    if action in (Action.PROCEED, Action.CANCEL):
        return {"action": action}
    if question.prompt.kind == PromptKind.STRUCTURE_FIX:
        name = "description" if " " in text else "skill_name"
        return {"action": Action.ANSWER, "fields": {name: text}}
    return {"action": Action.REVISE, "feedback": "" if action else text}


def _option(question: Question, text: str) -> Any:
    """The text, or the option it is meant to be: by its words in any case."""
    chosen = next((option for option in question.actions if option.lower() == text.lower().rstrip(".!")), text)
    is_many = question.about is not None and question.about["type"] == "multiple_choice"
    return [part.strip() for part in text.split(",")] if is_many and "," in text else chosen
