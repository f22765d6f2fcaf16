"""Reads an answer to a prompt: the document's body, the original client's bodies, and words typed at a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.fleet.serializers import ResponseBody
from core.errors import Invalid
from jobs.answers import FREE_TEXT
from jobs.states import ACTION_WORDS, Action, PromptKind

_FIXES = ("skill_name", "description", "accept_suggestions")


def decision_of(body: Any, kind: PromptKind) -> dict[str, Any]:
    """What `jobs.services.answer_prompt` takes of the decision in `body`, on a prompt of this kind.

    Ways to answer: {"question_id", "response"}; {"answers": {id: answer}} or {"answers": "all in one text"};
    {"action": word, "feedback"}; {"skill_name", "description", "accept_suggestions"}; {question id: answer, ...}.
    A `prompt_id` beside them makes sure that no other prompt is answered. Raises Invalid.
    """
    given = ResponseBody.read(body)
    if not body:
        raise _invalid("body", "must not be empty")
    prompt = {"prompt_id": given["prompt_id"]} if "prompt_id" in given else {}
    return prompt | _decision(given, body, kind)


def _decision(given: Mapping[str, Any], body: Mapping[str, Any], kind: PromptKind) -> dict[str, Any]:
    feedback = {"feedback": given.get("feedback") or "", "focus_areas": given["focus_areas"]}
    if "action" in given:
        action = _action(given["action"], "action")
        if action != Action.PROCEED or not (given.get("answers") or _fixes(given)):
            return {"action": action, **feedback}
    if kind == PromptKind.STRUCTURE_FIX and _fixes(given):
        return {"action": Action.ANSWER, "fields": _fixes(given)}
    if kind == PromptKind.CLARIFYING_QUESTIONS:
        return {"action": Action.ANSWER, "answers": _answers(given, body)}
    return {"action": _action(given.get("response"), "response"), **feedback}


def _fixes(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in _FIXES if given.get(name) not in (None, "")}


def _answers(given: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    if "answers" in given:
        answers = given["answers"]
        return dict(answers) if isinstance(answers, Mapping) else {FREE_TEXT: answers}
    if "response" in given:
        return {given.get("question_id", FREE_TEXT): given["response"]}
    return {name: answer for name, answer in body.items() if name not in ResponseBody().fields}


def _action(word: Any, name: str) -> Action:
    """An empty word means to go on, as for the original; no word or another one is refused."""
    text = word.strip().lower() if isinstance(word, str) else None
    for action, keywords in ACTION_WORDS.items():
        if text in keywords:
            return action
    if text == "":
        return Action.PROCEED
    allowed = ", ".join(keywords[0] for keywords in ACTION_WORDS.values())
    raise _invalid(name, f"must be one of: {allowed}")


def _invalid(name: str, message: str) -> Invalid:
    return Invalid(f"{name} {message}", code=f"invalid_{name}", fields={name: [f"{name} {message}"]})
