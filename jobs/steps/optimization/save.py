"""Last step: the draft of the next version with its figures, or word that nothing measured better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.existing import document_of, next_version, skill_of
from jobs.steps.optimization.figures import TOKEN_USAGE
from skills.quality import assess
from skills.validation import validate_text


class SaveImprovement:
    name = "save_improvement"
    phase = Phase.VALIDATION
    title = "Draft"

    def run(self, context: Context) -> Outcome:
        skill, baseline, trial = skill_of(context), context.outputs["measure_baseline"], context.outputs["try_variants"]
        best, target = trial["best"], float(context.request["target_value"])
        metric = context.request["target_metric"]
        report = {"target_metric": metric, "target_value": target, "before": baseline["figures"]}
        if best is None:
            reason = "the target is reached already" if baseline["target_reached"] else _why(trial["tried"])
            message = f"No improvement found: {reason}"
            return Done({**report, "improved": False, "reason": reason}, message, ending=message)
        report |= {
            "improved": True,
            "after": best["figures"],
            "target_reached": _value(metric, baseline["figures"], best["figures"]) >= target,
            "origin": best["origin"],
            "unseen": best["unseen"],
            "also_comes_up_for": best["harm"],
        }
        document = document_of(skill.slug, best["description"], best["content"])
        findings = validate_text(document, skill.slug)
        values = {
            "description": best["description"],
            "content": best["content"],
            "trigger_keywords": list(best["keywords"]),
            "report": {
                "passed": True,
                "errors": findings.errors,
                "warnings": findings.warnings,
                "findings": [finding.as_dict() for finding in findings.findings],
                "optimization": report,
            },
            "passed": True,
            "score": assess(document).overall_score,
        }
        return Done(report, f"Draft of the next {skill.slug} saved", effect=next_version(skill, context, **values))


def _value(metric: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    """The rate, or the share of tokens saved."""
    if metric != TOKEN_USAGE:
        return float(after["trigger_rate"])
    return (before["tokens"] - after["tokens"]) / before["tokens"] if before["tokens"] else 0.0


def _why(tried: list[Mapping[str, Any]]) -> str:
    if not tried:
        return "there was nothing to propose"
    verdicts = ", ".join(dict.fromkeys(one["verdict"] for one in tried))
    return f"{len(tried)} variants measured ({verdicts})"
