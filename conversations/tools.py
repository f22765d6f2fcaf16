"""The actions as tools of a language model: what it may call, and what is made of what it says.

A model's words are untrusted. A call is checked like a client's; answers and feedback are the person's own words; what
needs a yes needs it from the person, in their next message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations import actions
from conversations.actions import Reply, Turn
from conversations.questions import open_question, question_of
from core.errors import DomainError, Invalid
from core.text import clean_text
from jobs.states import Action

_LONGEST = 8_000


@dataclass(frozen=True)
class Tool:
    """`arguments` maps names to what they are; all are texts. `choices` limits some, `optional` may be left out."""

    what: str
    act: Callable[..., Reply]
    arguments: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()

    def schema(self, name: str) -> dict[str, Any]:
        """As the chat API wants it."""
        properties = {
            argument: {"type": "string", "description": what}
            | ({"enum": list(self.choices[argument])} if argument in self.choices else {})
            for argument, what in self.arguments.items()
        }
        required = [argument for argument in self.arguments if argument not in self.optional]
        parameters = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        return {"type": "function", "function": {"name": name, "description": self.what, "parameters": parameters}}

    def read(self, written: str) -> dict[str, str]:
        """The arguments as a model wrote them. Raises Invalid."""
        try:
            given = json.loads(written or "{}")
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            raise Invalid("The arguments must be a JSON object.", code="invalid_arguments")
        read: dict[str, str] = {}
        for name in self.arguments:
            value = given.get(name)
            if value is None and name in self.optional:
                continue
            if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
                raise Invalid(f"{name} must be a text of 1 to {_LONGEST} characters.", code="invalid_arguments")
            if name in self.choices and value not in self.choices[name]:
                raise Invalid(f"{name} must be one of {', '.join(self.choices[name])}.", code="invalid_arguments")
            read[name] = str(clean_text(value, name))
        return read


def run(turn: Turn, name: str, written: str) -> Reply:
    """Does what a model called for; a refusal is a reply too, so that the model can tell of it."""
    tool = TOOLS.get(name)
    try:
        if tool is None:
            raise Invalid(f"There is no tool '{name[:60]}'.", code="unknown_tool")
        return tool.act(turn, **tool.read(written))
    except DomainError as refusal:
        return Reply(refusal.message, job=turn.job)


def schemas() -> list[dict[str, Any]]:
    return [tool.schema(name) for name, tool in TOOLS.items()]


def _answer(turn: Turn, option: str = "") -> Reply:
    """The person's own words answer, unless the model found the option that they mean."""
    job = turn.job
    question = question_of(open_question(job)) if job else None
    if job is None or question is None:
        return actions.status(turn)
    if question.about is None:
        return actions.standing(turn, job, "This asks for a decision.")
    meant = next((one for one in question.options if one.lower() == option.strip().lower()), None)
    decision = {"action": Action.ANSWER, "answers": {question.about["id"]: meant}} if meant else None
    return actions.answer(turn, job, question, decision)


def _decide(turn: Turn, decision: str) -> Reply:
    job = turn.job
    question = question_of(open_question(job)) if job else None
    if job is None or question is None:
        return actions.status(turn)
    if question.about is not None and decision != Action.CANCEL:
        return actions.answer(turn, job, question)
    if decision == Action.CANCEL:
        return actions.offer_cancelling(turn)
    if decision == Action.PROCEED:
        return actions.answer(turn, job, question, {"action": Action.PROCEED})
    return actions.answer(turn, job, question, {"action": Action.REVISE, "feedback": turn.text})


TOOLS: dict[str, Tool] = {
    "find_skills": Tool(
        "Searches the registry by meaning.", actions.find, {"query": "What the skill should help with, in a few words."}
    ),
    "explain_skill": Tool("Reads one skill: what it is for and what is in it.", actions.explain, {"name": "Its slug."}),
    "create_skill": Tool(
        "Starts a job that writes a new skill. Only when the person wants a new one.",
        actions.create,
        {"description": "All that the person said of the skill they want, in their words, one to five sentences."},
    ),
    "answer_question": Tool(
        "Passes the person's last message on as their answer to the question they were asked.",
        _answer,
        {"option": "The option they mean, exactly as it is written, if there are options and they mean one."},
        optional=("option",),
    ),
    "decide": Tool(
        "Passes on what the person decided about what they were shown; with `revise` their message says the change.",
        _decide,
        {"decision": "What the person decided."},
        {"decision": ("proceed", "revise", "cancel")},
    ),
    "job_status": Tool("Tells how the writing of the skill stands, and what it waits for.", actions.status),
    "cancel_job": Tool("Asks the person whether to call the job off.", actions.offer_cancelling),
    "promote_draft": Tool(
        "Asks the person whether to put the finished draft into the registry.",
        lambda turn, taxonomy_path="": actions.promote(turn, taxonomy_path.strip("/")),
        {"taxonomy_path": "The category, such as technical/programming, if the person named one."},
        optional=("taxonomy_path",),
    ),
}
