"""Checks what a person answers against what was asked, and tells when a prompt has all its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import Invalid
from core.text import clean_text
from jobs.models import Prompt
from jobs.states import Action, PromptKind

MAX_TEXT = 10_000
# The original's command-line client answers all questions in one text under this name.
FREE_TEXT = "response"
_FIXABLE = ("skill_name", "description", "accept_suggestions")


def check(
    prompt: Prompt,
    action: Action,
    answers: Mapping[str, Any],
    feedback: str,
    focus_areas: Sequence[str],
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    """The decision in the form in which prompts keep it; raises Invalid where it does not fit the question."""
    given = {
        "action": action,
        "answers": dict(answers),
        "feedback": feedback,
        "focus_areas": list(focus_areas),
        "fields": {name: fields[name] for name in _FIXABLE if name in fields},
    }
    clean_text(given, "response")
    if len(feedback) > MAX_TEXT:
        raise _invalid("feedback", f"feedback must be at most {MAX_TEXT} characters")
    if action == Action.REVISE and not feedback.strip() and not focus_areas:
        raise _invalid("feedback", "Say what to change: feedback (or focus_areas) is required to revise.")
    questions = {question["id"]: question for question in prompt.data.get("questions", [])}
    if action == Action.ANSWER and prompt.kind == PromptKind.CLARIFYING_QUESTIONS:
        for name, value in answers.items():
            _check_answer(questions, name, value)
    return given


def _check_answer(questions: Mapping[str, Mapping[str, Any]], name: str, value: Any) -> None:
    if name == FREE_TEXT and name not in questions:
        values: list[Any] = [value]
        options: list[str] = []
    elif name in questions:
        question = questions[name]
        values = value if question["type"] == "multiple_choice" and isinstance(value, list) else [value]
        closed = question["type"] in ("single_choice", "multiple_choice") and not question.get("allows_other")
        options = [str(option) for option in question.get("options") or []] if closed else []
        if question["type"] == "boolean":
            options = ["true", "false", "yes", "no"]
    else:
        raise _invalid("question_id", f"No question '{name}' was asked; the questions are {', '.join(questions)}.")
    for one in values:
        text = str(one).lower() if isinstance(one, bool) else one
        if not isinstance(text, str) or len(text) > MAX_TEXT:
            raise _invalid("response", f"The answer to '{name}' must be a text of at most {MAX_TEXT} characters.")
        if options and text.lower() not in [option.lower() for option in options]:
            raise _invalid("response", f"'{text[:80]}' is no option of '{name}'; choose of: {', '.join(options)}.")


def merge(kept: Mapping[str, Any] | None, given: dict[str, Any]) -> dict[str, Any]:
    """Earlier answers to other questions of the prompt, with the new ones over them."""
    return {**given, "answers": {**(kept or {}).get("answers", {}), **given["answers"]}}


def is_complete(prompt: Prompt, response: Mapping[str, Any]) -> bool:
    """Whether the job can go on: every question is answered, or the answer is about the whole prompt."""
    answers = response["answers"]
    if response["action"] != Action.ANSWER or FREE_TEXT in answers or not answers:
        return True
    return all(question["id"] in answers for question in prompt.data.get("questions", []))


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, code=f"invalid_{field}", fields={field: [message]})
