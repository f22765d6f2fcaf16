"""A job's open prompt as a question in a conversation, and a person's words as the answer to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.models import Job, Prompt
from jobs.states import ACTION_WORDS, Action, PromptKind

_DECIDE = "Say 'proceed' or 'cancel', or tell me what to change."
_FIX = "Say 'proceed' to take what I suggest, or tell me the name (or the description) you want."
# Whole answers that decide, beside the single words of ACTION_WORDS: one or several of these, and nothing else.
_YES = (
    r"(?:yes|ok|okay|sure|great|perfect|fine|good|please|thanks|thank you|of course|all good|lgtm|do it|sounds good|"
    r"go (?:ahead|on)|continue|proceed(?: with (?:it|that|this))?|(?:that |this |it |all )?looks? (?:good|great|fine|"
    r"perfect|right)(?: to me)?|(?:that|this|it)(?:'?s| is) (?:good|great|fine|right|perfect|it|ok|okay)|"
    r"(?:i )?(?:approve|accept|confirm|agree)(?: it| that| this)?)"
)
_NO = (
    r"(?:no|please|thanks|never ?mind|forget (?:it|about it)|drop it|i changed my mind|"
    r"(?:cancel|abort|stop)(?: it| this| that| everything| the job)?)"
)
_PHRASES = {
    Action.PROCEED: re.compile(rf"{_YES}(?:[ ,.!;]+{_YES})*"),
    Action.CANCEL: re.compile(rf"{_NO}(?:[ ,.!;]+{_NO})*"),
}
# Decide nothing where they stand alone.
_COURTESIES = ("please", "thanks", "thank you")
_LONGEST_DECISION = 100


@dataclass(frozen=True)
class Question:
    """What to ask now. `key` tells it from all others; `about` is the one of several questions that is next."""

    prompt: Prompt
    key: str
    text: str
    options: tuple[str, ...]
    about: Mapping[str, Any] | None = None


def open_question(job: Job) -> Prompt | None:
    return Prompt.objects.open().filter(job=job).first()


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
    asked = _FIX if prompt.kind == PromptKind.STRUCTURE_FIX else _DECIDE
    return Question(prompt, str(prompt.pk), f"{told or ''}\n\n{asked}".strip(), ("proceed", "cancel"))


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


def shown(question: Question) -> dict[str, Any]:
    """The question as data: its kind, and what a client needs to draw it."""
    prompt = question.prompt
    data = {"job_id": str(prompt.job_id), "prompt_id": str(prompt.pk), "options": list(question.options)}
    if question.about is not None:
        about = {name: question.about.get(name) for name in ("id", "text", "type", "rationale")}
        return {"type": prompt.kind, "data": data | {"question": about | {"options": list(question.options)}}}
    return {"type": prompt.kind, "data": {**prompt.data, **data}}


def said_of(text: str) -> Action | None:
    """Whether a whole message means proceed or cancel, and nothing else."""
    if len(text) > _LONGEST_DECISION:
        return None
    words = " ".join(text.lower().replace("’", "'").split()).rstrip(".!")
    if words in _COURTESIES:
        return None
    if words in ACTION_WORDS[Action.PROCEED] or _PHRASES[Action.PROCEED].fullmatch(words):
        return Action.PROCEED
    if words in ACTION_WORDS[Action.CANCEL] or _PHRASES[Action.CANCEL].fullmatch(words):
        return Action.CANCEL
    return None


def decision_of(question: Question, text: str) -> dict[str, Any]:
    """What `jobs.services.answer_prompt` takes. At a checkpoint words that are no decision say what to change."""
    text = text.strip()
    if question.about is not None:
        return {"action": Action.ANSWER, "answers": {question.about["id"]: _option(question, text)}}
    if action := said_of(text):
        return {"action": action}
    if question.prompt.kind == PromptKind.STRUCTURE_FIX:
        name = "description" if " " in text else "skill_name"
        return {"action": Action.ANSWER, "fields": {name: text}}
    is_bare = text.lower().rstrip(".!") in ACTION_WORDS[Action.REVISE]
    return {"action": Action.REVISE, "feedback": "" if is_bare else text}


def is_plain_answer(question: Question, text: str) -> bool:
    """Whether the words are one of the options (or its number), or decide at a checkpoint."""
    if question.about is None:
        return said_of(text) is not None
    return _one_option(question, text.strip()) in question.options


def _option(question: Question, text: str) -> Any:
    """The text, or the option it is meant to be: by its words in any case, or by its number in the list."""
    is_many = question.about is not None and question.about["type"] == "multiple_choice"
    if is_many and "," in text and text not in question.options:
        return [_one_option(question, part.strip()) for part in text.split(",") if part.strip()]
    return _one_option(question, text)


def _one_option(question: Question, text: str) -> str:
    words = text.lower().rstrip(".!")
    if words.isascii() and words.isdigit() and words not in question.options:
        number = int(words[:6])
        return question.options[number - 1] if 0 < number <= len(question.options) else text
    return next((option for option in question.options if option.lower() == words), text)
