"""What people have said of the skill so far, read from a job's context: the request, the answers, the feedback."""

from __future__ import annotations

from inference.writer import (
    Answer,
    Feedback,
    Intent,
    Plan,
    Related,
    Request,
    Surroundings,
    Text,
    Understanding,
)
from jobs.states import Action, PromptKind
from jobs.steps.base import Context, Decision


def request_of(context: Context) -> Request:
    answered = context.outputs.get("clarify", {}).get("answered", [])
    spoken = [_feedback(decision) for decision in context.decisions]
    return Request(
        text=str(context.request.get("task_description", "")),
        answers=tuple(Answer.from_json(one) for one in answered),
        feedback=tuple(one for one in spoken if one is not None),
    )


def _feedback(decision: Decision) -> Feedback | None:
    """What a decision says about the skill itself. Notes beside an approval change nothing: what was approved stays."""
    if decision.kind == PromptKind.STRUCTURE_FIX and decision.action in (Action.ANSWER, Action.PROCEED):
        name, description = (str(decision.fields.get(field) or "").strip() for field in ("skill_name", "description"))
        return Feedback(name=name, description=description) if name or description else None
    if decision.action != Action.REVISE:
        return None
    return Feedback(text=decision.feedback, focus_areas=tuple(map(str, decision.focus_areas)))


def understanding_of(context: Context) -> Understanding:
    return Understanding.from_json(context.outputs["requirements"])


def intent_of(context: Context) -> Intent:
    return Intent.from_json(context.outputs["intent"])


def surroundings_of(context: Context) -> Surroundings:
    related = context.outputs["dependencies"].get("related", [])
    path = context.outputs["placement"]["path"]
    return Surroundings(category=path, related=tuple(Related.from_json(one) for one in related))


def plan_of(context: Context) -> Plan:
    return Plan.from_json(context.outputs["plan"])


def text_of(context: Context) -> Text:
    return Text.from_json(context.outputs["generate"])
