"""Checkpoint: may the skill be called and described as people asked? Proposes another way where it may not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from inference.writer import Understanding
from jobs.states import Phase, PromptKind
from jobs.steps.base import Context, Decision, Outcome, SendBack
from jobs.steps.brief import understanding_of
from jobs.steps.checkpoint import Checkpoint
from skills.document import compose
from skills.validation import Finding, validate_text

_NAME_RULES = ("spec.name", "quality.name")
_DESCRIPTION_RULES = ("spec.description", "quality.description")


class StructureFix(Checkpoint):
    """Only what people asked for in so many words is put to them: the writer's own proposals are clean."""

    name = "structure_fix"
    phase = Phase.UNDERSTANDING
    title = "Structure"
    kind = PromptKind.STRUCTURE_FIX
    back_to = "requirements"

    def question(self, context: Context) -> Mapping[str, Any] | None:
        understanding = understanding_of(context)
        fixes = _fixes(understanding, self.kept(context)["settled"])
        if not fixes:
            return None
        return {
            "structure_issues": [fix["issue"] for fix in fixes],
            "structure_warnings": list(understanding.warnings),
            "suggested_fixes": fixes,
            "current_skill_name": understanding.requested_name or understanding.name,
            "current_description": understanding.requested_description or understanding.description,
        }

    def accepted(self, context: Context, decision: Decision) -> Outcome:
        """Corrected fields are read with the request again, and asked about again if they are no better.

        Everything else accepts the proposals.
        """
        if not any(decision.fields.get(field) for field in ("skill_name", "description")):
            return super().accepted(context, decision)
        return SendBack(self.back_to, {**self.kept(context), "action": decision.action}, "Working in the corrections")

    def kept(self, context: Context) -> dict[str, Any]:
        """`settled`: the wishes whose proposals were accepted, not to be asked about again."""
        settled = list(context.outputs.get(self.name, {}).get("settled", []))
        if context.decision(self.kind) is not None:
            understanding = understanding_of(context)
            settled += [understanding.requested_name, understanding.requested_description]
        return {"settled": [wish for wish in dict.fromkeys(settled) if wish]}


def _fixes(understanding: Understanding, settled: list[str]) -> list[dict[str, str]]:
    fixes = []
    wished_name, wished_description = understanding.requested_name, understanding.requested_description
    if wished_name and wished_name not in settled:
        spelled = re.sub(r"[\s_]+", "-", wished_name.strip().lower())
        found = [one for one in _findings(spelled, "Use when asked.") if one.rule.startswith(_NAME_RULES)]
        fixes += [_fix("skill_name", one, wished_name, understanding.name) for one in found]
    if wished_description and wished_description not in settled:
        errors = [one for one in _findings("name", wished_description) if one.severity == "error"]
        found = [one for one in errors if one.rule.startswith(_DESCRIPTION_RULES)]
        fixes += [_fix("description", one, wished_description, understanding.description) for one in found]
    return fixes


def _findings(name: str, description: str) -> tuple[Finding, ...]:
    return validate_text(compose({"name": name, "description": description}, "")).findings


def _fix(field: str, finding: Finding, current: str, suggested: str) -> dict[str, str]:
    return {
        "field": field,
        "issue": finding.message,
        "current": current,
        "suggested": suggested,
        "explanation": finding.hint,
    }
