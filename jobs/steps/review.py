"""Checkpoint: the checked text, before it becomes a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.states import Phase, PromptKind
from jobs.steps.base import Context
from jobs.steps.checkpoint import Checkpoint
from skills.reviewing import findings_in

_SHOWN = 10


class Review(Checkpoint):
    name = "review"
    phase = Phase.VALIDATION
    title = "Review"
    kind = PromptKind.REVIEW
    back_to = "generate"

    def question(self, context: Context) -> Mapping[str, Any]:
        validation, generated = context.outputs["validate"], context.outputs["generate"]
        return {
            "report": _report(validation),
            "passed": validation["passed"],
            "validation_score": validation["score"],
            "content": generated["content"],
            "highlights": list(validation["quality"]["strengths"]),
            "findings": list(validation["findings"]),
            "content_checks": [one.as_dict() for one in findings_in(context.job.client_id, generated["content"])],
            "notes": list(generated.get("notes", [])),
        }


def _report(validation: Mapping[str, Any]) -> str:
    quality = validation["quality"]
    layers = ", ".join(f"{name} {'passed' if ok else 'failed'}" for name, ok in validation["layers"].items())
    parts = [
        f"Validation: {layers}",
        f"Quality score: {quality['overall_score']:.2f}",
        f"Words: {quality['word_count']}",
    ]
    lists = {
        "Strengths": quality["strengths"],
        "Weaknesses": [*quality["weaknesses"], *quality["recommendations"]],
        "Errors": validation["errors"],
        "Warnings": validation["warnings"],
    }
    for label, items in lists.items():
        parts += [f"{label}:", *(f"- {item}" for item in items[:_SHOWN])] if items else []
    return "\n".join(parts)
