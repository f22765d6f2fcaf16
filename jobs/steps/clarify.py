"""Checkpoint: the questions that a vague request leaves open. What was asked once is not asked again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from inference.writer import Answer, Question
from jobs.answers import FREE_TEXT
from jobs.states import Action, Phase, PromptKind
from jobs.steps.base import Context, Decision, Outcome, SendBack
from jobs.steps.brief import understanding_of
from jobs.steps.checkpoint import Checkpoint

_PAIR = re.compile(r"^\s*Q(\d+)\s*[:.](.*?)^\s*A\1\s*[:.](.*?)(?=^\s*Q\d+\s*[:.]|\Z)", re.M | re.S | re.I)


class Clarify(Checkpoint):
    name = "clarify"
    phase = Phase.UNDERSTANDING
    title = "Clarifying questions"
    kind = PromptKind.CLARIFYING_QUESTIONS
    back_to = "requirements"

    def question(self, context: Context) -> Mapping[str, Any] | None:
        questions = _open_questions(context)
        if not questions:
            return None
        return {
            "questions": [{"id": number} | _shown(question) for number, question in questions.items()],
            "rationale": " ".join(understanding_of(context).ambiguities),
        }

    def accepted(self, context: Context, decision: Decision) -> Outcome:
        """Answers change what the request means, so that the requirements are read again with them."""
        if not _answers(_open_questions(context), decision.answers):
            return super().accepted(context, decision)
        return SendBack(self.back_to, self.kept(context) | {"action": decision.action}, "Working in the answers")

    def kept(self, context: Context) -> dict[str, Any]:
        before = context.outputs.get(self.name, {})
        decision = context.decision(self.kind)
        if decision is None:
            return {"asked_topics": before.get("asked_topics", []), "answered": before.get("answered", [])}
        questions = _open_questions(context)
        given = _answers(questions, decision.answers) if decision.action != Action.CANCEL else []
        return {
            "asked_topics": before.get("asked_topics", []) + [question.topic for question in questions.values()],
            "answered": before.get("answered", []) + [answer.as_json() for answer in given],
        }


def _open_questions(context: Context) -> dict[str, Question]:
    """By id (`q1`…, going on where the last round ended): what the writer wants to know and was not asked before."""
    asked = context.outputs.get(Clarify.name, {}).get("asked_topics", [])
    new = [question for question in understanding_of(context).questions if question.topic not in asked]
    return {f"q{number}": one for number, one in enumerate(new[: settings.HITL_MAX_QUESTIONS], len(asked) + 1)}


def _shown(question: Question) -> dict[str, Any]:
    shown = question.as_json()
    del shown["topic"]
    return shown


def _answers(questions: Mapping[str, Question], given: Mapping[str, Any]) -> list[Answer]:
    """The answers by question id, or all in one text `Q1: … A1: …`; other text is about the whole request."""
    answers = [Answer(question.topic, question.text, _text(given.get(id))) for id, question in questions.items()]
    if isinstance(free := given.get(FREE_TEXT), str):
        answers += _free_answers(questions, free)
    return [answer for answer in answers if answer.text]


def _free_answers(questions: Mapping[str, Question], text: str) -> list[Answer]:
    pairs = _PAIR.findall(text)
    if not pairs:
        return [Answer("", "", text.strip())]
    in_order = list(questions.values())
    answers = []
    for number, asked, answer in pairs:
        by_text = next((one for one in in_order if one.text.strip() == asked.strip()), None)
        by_number = in_order[int(number) - 1] if 0 < int(number) <= len(in_order) else None
        question = by_text or by_number
        answers.append(Answer(question.topic if question else "", asked.strip(), answer.strip()))
    return answers


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    return "" if value is None else str(value).strip()
