"""Step: every variant is measured against the registry, and the best that harms nobody is kept, if one is better."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.existing import no_worse, skill_of
from jobs.steps.optimization.figures import TOKEN_USAGE, figures, queries_of, variant_of
from skills.models import Skill
from skills.triggers import TriggerReport
from skills.variants import Trial, Variant

BETTER, NO_BETTER = "better", "no better"
UNSEEN_WORSE, HARMS, WORSE_TEXT = "worse on unseen queries", "harms other skills", "worse text"


@dataclass
class Tried:
    """One variant with its figures and the verdict: better, or why not."""

    variant: Variant
    figures: dict[str, Any]
    verdict: str
    unseen: dict[str, Any] | None = None
    harm: Sequence[dict[str, Any]] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self.variant), "figures": self.figures, "verdict": self.verdict, "unseen": self.unseen,
                "harm": list(self.harm)}  # fmt: skip


class TryVariants:
    name = "try_variants"
    phase = Phase.VALIDATION
    title = "Measuring the variants"

    def run(self, context: Context) -> Outcome:
        skill = skill_of(context)
        trial = Trial(context.job.client_id, skill, queries_of(context))
        variants = [variant_of(one) for one in context.outputs["propose_variants"]["variants"]]
        if not variants:
            return Done({"tried": [], "best": None}, "Nothing to measure")
        baseline = trial.baseline()
        unseen = set(context.outputs["measure_baseline"]["held_back"])
        is_about_tokens = context.request["target_metric"] == TOKEN_USAGE
        tried = [_measured(trial, skill, baseline, one, unseen, is_about_tokens) for one in variants]
        ranked = sorted((one for one in tried if one.verdict == BETTER), key=lambda one: _rank(one, is_about_tokens))
        best = next((one for one in ranked if is_about_tokens or not _harms(trial, one)), None)
        output = {
            "before": figures(skill, baseline),
            "tried": [one.as_json() for one in tried],
            "best": best.as_json() if best else None,
        }
        return Done(output, f"Best: {best.variant.origin}" if best else "No variant is better")


def _measured(
    trial: Trial,
    skill: Skill,
    baseline: TriggerReport,
    variant: Variant,
    unseen: Collection[str],
    is_about_tokens: bool,
) -> Tried:
    report = trial.measure(variant)
    before, after = baseline.among(unseen), report.among(unseen)
    kept_back = {"queries": before.total, "before": before.found, "after": after.found} if unseen else None
    made = figures(skill, report, variant.content)
    saved = figures(skill, baseline)["tokens"] - made["tokens"]
    is_better = report.found >= baseline.found and saved > 0 if is_about_tokens else report.found > baseline.found
    verdict = BETTER if is_better else NO_BETTER
    if is_better and after.found < before.found:
        verdict = UNSEEN_WORSE
    elif is_better and not no_worse(skill, variant.content, variant.description):
        verdict = WORSE_TEXT
    return Tried(variant, made, verdict, kept_back)


def _rank(tried: Tried, is_about_tokens: bool) -> tuple[int, int]:
    """The most found first, the smallest of equals; about tokens, the fewest."""
    if is_about_tokens:
        return tried.figures["tokens"], 0
    return -tried.figures["found"], tried.variant.size


def _harms(trial: Trial, tried: Tried) -> bool:
    harm = trial.harm(tried.variant)
    tried.harm = [asdict(one) for one in harm]
    if trial.is_harmful(harm):
        tried.verdict = HARMS
    return tried.verdict == HARMS
