"""The writer that is a model. What it says passes the gates that a stranger's words pass: closed forms, clean text,
names and places that people really gave. Where it fails, rules write in its place only if the settings say so."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from django.conf import settings
from pydantic import BaseModel

from core.errors import Failed, Unavailable
from inference.llm import schemas, structured
from inference.llm.asking import Ask, ask
from inference.llm.clock import time_budget
from inference.llm.drafting import Drafting, Head
from inference.llm.prompts import prompt
from inference.llm.provider import Step, model_for
from inference.offline.naming import fallback_name, name_of
from inference.offline.text import MAX_DESCRIPTION, has_secret, inline, without_secrets
from inference.offline_writer import OfflineWriter
from inference.writer import (
    Feedback,
    Intent,
    Plan,
    Question,
    Record,
    Request,
    Surroundings,
    Text,
    Understanding,
    Watcher,
    Writer,
)

logger = logging.getLogger(__name__)
Said = TypeVar("Said")
Schema = TypeVar("Schema", bound=BaseModel)


class LlmWriter:
    """Keeps the protocol inference.writer.Writer."""

    spends_tokens = True

    @property
    def name(self) -> str:
        return model_for("write")

    def understand(self, request: Request) -> Understanding:
        return _guarded(lambda: _understand(request), lambda rules: rules.understand(request))

    def find_intent(self, request: Request, understanding: Understanding) -> Intent:
        return _guarded(
            lambda: _find_intent(request, understanding), lambda rules: rules.find_intent(request, understanding)
        )

    def plan(self, request: Request, understanding: Understanding, intent: Intent, surroundings: Surroundings) -> Plan:
        given = (request, understanding, intent, surroundings)
        return _guarded(lambda: _plan(*given), lambda rules: rules.plan(*given))

    def write(
        self,
        request: Request,
        understanding: Understanding,
        intent: Intent,
        plan: Plan,
        surroundings: Surroundings,
        previous: str,
        watcher: Watcher | None = None,
    ) -> Text:
        """One call, front matter and body in one stream. The name is the plan's, unless feedback gives another."""
        given = (request, understanding, intent, plan, surroundings, previous)
        return _guarded(lambda: _write(*given, watcher), lambda rules: rules.write(*given))

    def revise(self, current: Text, feedback: tuple[Feedback, ...], watcher: Watcher | None = None) -> Text:
        return _guarded(lambda: _revise(current, feedback, watcher), lambda rules: rules.revise(current, feedback))


def _guarded(by_model: Callable[[], Said], by_rules: Callable[[Writer], Said]) -> Said:
    """What the model says within the time of a step; what rules say where it fails and the settings want that."""
    try:
        with time_budget(settings.LLM_STEP_SECONDS):
            return by_model()
    except (Unavailable, Failed) as problem:
        if settings.LLM_FALLBACK != "offline":
            raise
        logger.warning("rules write in the place of %s: %s", model_for("write"), problem.code)
        return by_rules(OfflineWriter())


# --- Understanding and planning --------------------------------------------------------------------------------------


def _understand(request: Request) -> Understanding:
    said = _structured("understand", schemas.Understood, _request_values(request))
    words = _all_words(request)
    feedback = [one for one in request.feedback if one.name or one.description]
    wished_name = next((one.name for one in reversed(feedback) if one.name), _literally(said.requested_name, words))
    wished_description = next(
        (one.description for one in reversed(feedback) if one.description),
        _literally(said.requested_description, words),
    )
    name = name_of(wished_name) or name_of(said.name) or name_of(said.title) or fallback_name(request.text)
    description = wished_description if "use when" in wished_description.lower() else said.description
    # Questions come once: what is open after people have spoken is assumed, and told.
    has_answered = bool(request.answers or request.feedback)
    has_secrets = any(has_secret(text) for text in words)
    return Understanding(
        task=said.task,
        name=name,
        title=said.title or name,
        description=inline(description, MAX_DESCRIPTION),
        requested_name=wished_name,
        requested_description=wished_description,
        language=said.language or "English",
        domain=said.domain,
        skill_category=said.skill_category,
        target_level=said.target_level,
        topics=tuple(said.topics),
        tools=tuple(said.tools),
        constraints=tuple(said.constraints),
        ambiguities=tuple(said.ambiguities),
        questions=() if has_answered else tuple(_question(one) for one in said.questions),
        wished_category=_literally(said.wished_category, words),
        search_text=f"{said.title}. {said.description} {' '.join(said.topics)}",
        warnings=("Something in the request looks like a secret and was left out.",) if has_secrets else (),
    )


def _question(said: schemas.AskedQuestion) -> Question:
    return Question(
        topic=said.topic or said.text,
        text=said.text,
        type=said.type,
        options=tuple(said.options) if "choice" in said.type else (),
        allows_other=said.allows_other,
        rationale=said.rationale,
    )


def _find_intent(request: Request, understanding: Understanding) -> Intent:
    values = {"request": _brief(request), "understanding": _facts(understanding)}
    said = _structured("intent", schemas.Purpose, values)
    return Intent(**{**said.model_dump(), "success_criteria": tuple(said.success_criteria)})


def _plan(request: Request, understanding: Understanding, intent: Intent, surroundings: Surroundings) -> Plan:
    values = {
        "request": _brief(request),
        "understanding": _facts(understanding),
        "intent": _facts(intent),
        "surroundings": _surroundings(surroundings),
    }
    said = _structured("plan", schemas.Planned, values)
    doubt = f"Written by the model {model_for('write')}: a person should check the facts."
    wished = understanding.requested_description
    return Plan(
        name=understanding.name,
        title=said.title or understanding.title,
        description=understanding.description if wished else said.description,
        outline=tuple(said.outline),
        success_criteria=tuple(said.success_criteria) or intent.success_criteria,
        trigger_keywords=tuple(said.trigger_keywords),
        tags=tuple(one.lower() for one in said.tags),
        assumptions=(doubt, *said.assumptions),
        estimated_length=said.estimated_length,
    )


# --- Writing ---------------------------------------------------------------------------------------------------------


def _write(
    request: Request,
    understanding: Understanding,
    intent: Intent,
    plan: Plan,
    surroundings: Surroundings,
    previous: str,
    watcher: Watcher | None,
) -> Text:
    values = {
        "name": plan.name,
        "description": json.dumps(plan.description, ensure_ascii=False),
        "request": _brief(request),
        "understanding": _facts(understanding),
        "intent": _facts(intent),
        "plan": _facts(plan),
        "surroundings": _surroundings(surroundings),
        "previous": previous,
    }
    metadata = {
        "author": f"Guildhall with the model {model_for('write')}",
        "version": "1.0.0",
        "category": surroundings.category,
        "language": understanding.language,
    }
    head = Text(
        name=plan.name,
        description=plan.description,
        body="",
        metadata={key: value for key, value in metadata.items() if value},
        trigger_keywords=plan.trigger_keywords,
        tags=plan.tags,
        wished_category=understanding.wished_category,
    )
    words = [one.text for one in request.feedback] if previous else []
    return _drafted("write", values, head, words, watcher)


def _revise(current: Text, feedback: tuple[Feedback, ...], watcher: Watcher | None) -> Text:
    values = {
        "name": current.name,
        "description": current.description,
        "body": current.body,
        "feedback": _numbered(_feedback_words(feedback)),
    }
    return _drafted("revise", values, current, [one.text for one in feedback], watcher)


def _drafted(
    step: Step, values: Mapping[str, str], head: Text, feedback: Sequence[str], watcher: Watcher | None
) -> Text:
    """The text that the model streams. Its front matter counts as far as `feedback` gives it a reason to differ."""
    drafts: list[Drafting] = []
    lead = head.body[: len(head.body) - len(head.body.lstrip())]

    def named(said: Head) -> Text:
        return _with_head(step, head, said, feedback)

    def begin() -> Callable[[str], None]:
        drafts.append(Drafting(announce, watcher.piece if watcher else lambda body: None))
        return drafts[-1].hear

    def announce(said: Head) -> None:
        if watcher:
            watcher.begin(named(said))
            watcher.piece(lead)

    made = prompt(step)
    ask(Ask(step, made.name, made.version, made.messages(values)), begin)
    body = drafts[-1].finish()
    return replace(named(drafts[-1].head), body=lead + body)


def _with_head(step: Step, head: Text, said: Head, feedback: Sequence[str]) -> Text:
    if not feedback:
        return head
    name = name_of(said.name) if step == "write" else ""
    is_wished = bool(name) and any(name in name_of(text) or said.name in text for text in feedback)
    return replace(
        head,
        name=name if is_wished else head.name,
        description=said.description or head.description,
        wished_category=_literally(said.wished_category, feedback) or head.wished_category,
        notes=said.notes,
    )


# --- What the prompts are filled with --------------------------------------------------------------------------------


def _structured(step: Step, schema: type[Schema], values: Mapping[str, str]) -> Schema:
    said, _ = structured.answer(step, prompt(step), values, schema)
    return said


def _literally(wish: str, words: Sequence[str]) -> str:
    """What people are said to have said, if they said it."""
    return wish if wish and any(wish.lower() in text.lower() for text in words) else ""


def _all_words(request: Request) -> list[str]:
    return [request.text, *(one.text for one in request.answers), *(one.text for one in request.feedback)]


def _request_values(request: Request) -> dict[str, str]:
    answers = [f"{one.question or 'In general'}: {one.text}" for one in request.answers]
    return {
        "request": without_secrets(request.text),
        "answers": _numbered(answers),
        "feedback": _numbered(_feedback_words(request.feedback)),
    }


def _brief(request: Request) -> str:
    """All that people said, in order."""
    values = _request_values(request)
    parts = {"Request": values["request"], "Answers": values["answers"], "Feedback": values["feedback"]}
    return "\n\n".join(f"{label}:\n{text}" for label, text in parts.items() if text)


def _feedback_words(feedback: Sequence[Feedback]) -> list[str]:
    found = []
    for one in feedback:
        parts = [one.text, f"Focus on: {', '.join(one.focus_areas)}" if one.focus_areas else ""]
        parts += [
            f"Call it: {one.name}" if one.name else "",
            f"Describe it: {one.description}" if one.description else "",
        ]
        found.append(" ".join(part for part in parts if part))
    return found


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {without_secrets(line)}" for number, line in enumerate(lines, 1))


def _facts(record: Record) -> str:
    hidden = ("questions", "search_text", "warnings")
    return json.dumps({key: value for key, value in record.as_json().items() if key not in hidden}, ensure_ascii=False)


def _surroundings(surroundings: Surroundings) -> str:
    facts: dict[str, Any] = asdict(surroundings)
    return json.dumps(facts, ensure_ascii=False)
