"""The offline writer: composes skills from the request by rules and tables. No key, no network, no chance: the same
request gives the same bytes. What it writes says who wrote it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar

from inference import usage
from inference.offline import questions
from inference.offline.composing import compose
from inference.offline.feedback import Wishes
from inference.offline.matter import Matter, matter_of
from inference.offline.revising import revise
from inference.offline.sections import category_of, outline
from inference.offline.text import has_secret, inline, sentence, shorten
from inference.offline.wording import description, search_text, triggers
from inference.writer import Feedback, Intent, Plan, Request, Surroundings, Text, Understanding, Watcher

AUTHOR = "Guildhall offline writer (rules, no language model)"
_SKILL_TYPES = {"review": "checklist", "debug": "troubleshooting", "teach": "concept", "research": "reference"}
P = ParamSpec("P")
Said = TypeVar("Said")


def _told(purpose: str) -> Callable[[Callable[P, Said]], Callable[P, Said]]:
    """Tells inference.usage who did this, and how long it took."""

    def decorated(method: Callable[P, Said]) -> Callable[P, Said]:
        @wraps(method)
        def call(*args: P.args, **options: P.kwargs) -> Said:
            started = time.monotonic()
            said = method(*args, **options)
            duration = round((time.monotonic() - started) * 1000)
            usage.record(usage.Call(purpose, OfflineWriter.name, duration_ms=duration))
            return said

        return call

    return decorated


class OfflineWriter:
    """Keeps the protocol inference.writer.Writer."""

    name = "offline"
    spends_tokens = False

    @_told("understand")
    def understand(self, request: Request) -> Understanding:
        matter = matter_of(request)
        return Understanding(
            task=matter.task,
            name=matter.name,
            title=matter.title,
            description=description(matter),
            requested_name=matter.wishes.name or matter.reading.name,
            requested_description=matter.wishes.description,
            language=matter.reading.language.name if matter.reading.language else "English",
            domain=matter.trade.domain,
            skill_category=category_of(matter),
            target_level=matter.level,
            topics=matter.topics,
            tools=tuple(one.name for one in matter.technologies),
            constraints=matter.rules,
            ambiguities=questions.ambiguities(matter.reading),
            questions=questions.questions(matter.reading, {answer.topic for answer in request.answers}),
            wished_category=matter.wishes.category,
            search_text=search_text(matter),
            warnings=_warnings(request),
        )

    @_told("intent")
    def find_intent(self, request: Request, understanding: Understanding) -> Intent:
        matter = matter_of(request)
        default = "workflow" if matter.method.category == "workflow_automation" else "how_to"
        return Intent(
            purpose=sentence(shorten(matter.task, 200)),
            problem_statement=f"Without a fixed way, {matter.object} turn out differently each time.",
            target_audience=matter.audience or f"people who work with {matter.object}",
            value_proposition=f"A checked {matter.output} with its assumptions named.",
            skill_type=_SKILL_TYPES.get(matter.method.name, default),
            scope=_scope(matter),
            success_criteria=matter.method.criteria,
        )

    @_told("plan")
    def plan(self, request: Request, understanding: Understanding, intent: Intent, surroundings: Surroundings) -> Plan:
        matter = matter_of(request)
        return Plan(
            name=matter.name,
            title=matter.title,
            description=description(matter),
            outline=outline(matter),
            success_criteria=(*intent.success_criteria, *matter.rules[:3]),
            trigger_keywords=triggers(matter),
            tags=_tags(matter),
            assumptions=tuple(_assumptions(matter)),
            estimated_length="short" if matter.wishes.shorter else "long" if matter.wishes.longer else "medium",
        )

    @_told("write")
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
        """Composes anew from everything said so far, so that no earlier wish is lost; `previous` is not needed."""
        matter = matter_of(request)
        metadata = {
            "author": AUTHOR,
            "version": "1.0.0",
            "category": surroundings.category,
            "language": understanding.language,
        }
        body, notes = compose(matter, surroundings.related)
        return Text(
            name=matter.name,
            description=description(matter),
            body=body,
            metadata={key: value for key, value in metadata.items() if value},
            trigger_keywords=triggers(matter),
            tags=_tags(matter),
            wished_category=matter.wishes.category,
            notes=(*notes, *_applied(matter.wishes)),
        )

    @_told("revise")
    def revise(self, current: Text, feedback: tuple[Feedback, ...], watcher: Watcher | None = None) -> Text:
        revised, wishes = revise(current, feedback)
        return replace(revised, notes=(*revised.notes, *_applied(replace(wishes, name=""))))


def _warnings(request: Request) -> tuple[str, ...]:
    said = " ".join([request.text, *(answer.text for answer in request.answers)])
    return ("Something in the request looks like a secret and was left out.",) if has_secret(said) else ()


def _scope(matter: Matter) -> str:
    if matter.wishes.scope:
        return f"Only {', '.join(matter.wishes.scope)}."
    topics = [topic for topic in matter.topics if topic.lower() != matter.object.lower()]
    return f"{sentence(matter.object).rstrip('.')}{': ' + ', '.join(topics[:5]) if topics else ''}."


def _tags(matter: Matter) -> tuple[str, ...]:
    found = [
        matter.trade.name.replace("_", "-"),
        matter.method.name,
        *(one.name.lower() for one in matter.technologies[:3]),
    ]
    return tuple(dict.fromkeys(one for one in found if one != "general"))


def _assumptions(matter: Matter) -> list[str]:
    found = ["Written by the offline writer, by rules and without a language model: a person should check the facts."]
    if not matter.audience:
        found.append("The reader knows the field; no audience was named.")
    if matter.output == matter.method.output:
        found.append(f"The result is a {matter.method.output}; no form was named.")
    if not matter.inputs:
        found.append(f"The user brings this: {inline(matter.trade.inputs[0].lower())}.")
    if not matter.is_english:
        found.append("The headings stay in English; your words are kept in the description and the examples.")
    return found


_NOTES = {
    "scope": "Scope: {}.",
    "focus": "Focus: {}.",
    "sections": "Section added: {}.",
    "steps": "Step added: {}.",
    "mentions": "Covered: {}.",
    "guidance": "Rule added: {}.",
    "examples": "Example added: {}.",
}


def _applied(wishes: Wishes) -> list[str]:
    """What was done about the feedback, wish by wish."""
    told = [f"Named {wishes.name}."] if wishes.name else []
    told += [f"Made for {wishes.audience}."] if wishes.audience else []
    told += ["Shortened."] if wishes.shorter else ["Extended."] if wishes.longer else []
    for field, note in _NOTES.items():
        told += [note.format(one or "from the request") for one in getattr(wishes, field)]
    return told
