"""Checkpoint: is this the skill that is wanted, before it is written?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.writer import Plan
from jobs.states import Phase, PromptKind
from jobs.steps.base import Context
from jobs.steps.brief import intent_of, plan_of, understanding_of
from jobs.steps.checkpoint import Checkpoint
from skills.models import Skill

_SHOWN = 8
_ASSUMPTIONS = 6


class Confirm(Checkpoint):
    name = "confirm"
    phase = Phase.UNDERSTANDING
    title = "Confirm the plan"
    kind = PromptKind.CONFIRM
    back_to = "requirements"

    def question(self, context: Context) -> Mapping[str, Any]:
        plan, placement = plan_of(context), context.outputs["placement"]
        path = f"{placement['path']}/{plan.name}".lstrip("/")
        assumptions = [*_collisions(context, plan), *_doubts(placement), *plan.assumptions]
        return {"summary": _summary(context, plan, path), "path": path, "key_assumptions": assumptions[:_ASSUMPTIONS]}


def _summary(context: Context, plan: Plan, path: str) -> str:
    understanding, intent = understanding_of(context), intent_of(context)
    lines = {
        "Skill": plan.name,
        "Description": plan.description,
        "Taxonomy path": path,
        "Target level": understanding.target_level,
        "Audience": intent.target_audience,
        "Topics": ", ".join(understanding.topics[:_SHOWN]),
        "Scope": intent.scope,
        "Outline": ", ".join(plan.outline),
        "Success criteria": "; ".join(plan.success_criteria[:_SHOWN]),
    }
    return "\n".join(f"{label}: {value}" for label, value in lines.items() if value)


def _collisions(context: Context, plan: Plan) -> list[str]:
    """What people must know before they promote over a skill that exists."""
    notes = []
    if Skill.objects.filter(client_id=context.job.client_id, slug=plan.name).exists():
        notes.append(f"A skill '{plan.name}' exists: promoting the draft makes its next version. Rename to keep both.")
    overlapping = context.outputs["dependencies"].get("overlapping", [])
    if overlapping:
        notes.append(f"Much the same as {', '.join(overlapping)}: consider improving that instead.")
    return notes


def _doubts(placement: Mapping[str, Any]) -> list[str]:
    if placement["wished"] or (placement["confident"] and "There is no category" not in placement["rationale"]):
        return []
    others = ", ".join(one["path"] for one in placement["alternatives"])
    return [f"{placement['rationale']} Other places: {others}." if others else placement["rationale"]]
