"""Checkpoint: the best variant with its figures before and after. Revise refuses it; its text is measured as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.states import Phase, PromptKind
from jobs.steps.base import Context, Decision, Outcome
from jobs.steps.checkpoint import Checkpoint
from jobs.steps.existing import skill_of
from jobs.steps.optimization.propose import ProposeVariants
from skills.quality import assess


class Approve(Checkpoint):
    name = "approve"
    phase = Phase.VALIDATION
    title = "Approval"
    kind = PromptKind.REVIEW
    back_to = ProposeVariants.name

    def question(self, context: Context) -> Mapping[str, Any] | None:
        best = context.outputs["try_variants"]["best"]
        if best is None:
            return None
        skill, before = skill_of(context), context.outputs["try_variants"]["before"]
        return {
            "report": _report(skill.slug, skill.description or "", before, best),
            "passed": True,
            "validation_score": assess(best["content"]).overall_score,
            "content": best["content"],
            "highlights": [best["origin"]],
            "notes": ["To have another description measured, revise with it as the feedback."],
            "before": before,
            "after": best["figures"],
            "description": best["description"],
            "trigger_keywords": list(best["keywords"]),
        }

    def sent_back(self, context: Context, decision: Decision) -> Outcome:
        outcome = super().sent_back(context, decision)
        best = context.outputs["try_variants"]["best"]
        outcome.output["rejected"] = [best["description"], best["keywords"], best["content"]]  # type: ignore[union-attr,index]
        return outcome


def _report(slug: str, description: str, before: Mapping[str, Any], best: Mapping[str, Any]) -> str:
    after, unseen = best["figures"], best["unseen"]
    lines = [
        f"{slug}: {best['origin']}",
        f"Trigger rate: {before['trigger_rate']:.0%} -> {after['trigger_rate']:.0%}"
        f" ({before['found']} -> {after['found']} of {after['queries']} queries;"
        f" 95% interval {after['interval'][0]:.0%} to {after['interval'][1]:.0%})",
        f"Tokens: {before['tokens']} -> {after['tokens']}",
    ]
    if unseen:
        lines.append(f"On {unseen['queries']} queries not used for it: {unseen['before']} -> {unseen['after']} found")
    if best["description"] != description:
        lines += [f"Description before: {description}", f"Description after: {best['description']}"]
    lines.append(f"Trigger keywords: {', '.join(best['keywords']) or 'none'}")
    lines += [f"Comes up for '{one['query']}' of {one['owner']} too" for one in best["harm"]]
    return "\n".join(lines)
