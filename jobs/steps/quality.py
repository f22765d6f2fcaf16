"""Step: is the text good enough? What the deterministic check finds goes back to the writer, at most twice; every round
is kept, and the best of them goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome, SendBack
from jobs.steps.brief import text_of
from skills.quality import assess
from skills.validation import validate_text

TARGET_SCORE = 0.8
MAX_ROUNDS = 3
_MAX_WANTED = 12


class Quality:
    """`rounds` of the output compares the texts since people last spoke: {round, score, errors, words, wanted} each.

    `action` is `again` (the writer revises), `restore` (an earlier round was better) or `done`; `chosen` is the round
    whose text goes on.
    """

    name = "quality"
    phase = Phase.GENERATION
    title = "Quality"

    def run(self, context: Context) -> Outcome:
        made, before = context.outputs["generate"], context.outputs.get(self.name, {})
        action = before.get("action", "done")
        if action == "restore":
            return _done(before["rounds"], before["chosen"])
        earlier, best = (before["rounds"], before["best"]) if action == "again" else ([], None)
        rounds = [*earlier, _judged(context, made)]
        present, top = rounds[-1], max(rounds, key=_rank)
        is_same = best is not None and before["newest"] == made["content"]
        if top is present:
            best = dict(made)
        state = {"rounds": rounds, "chosen": top["round"], "best": best}
        if not _is_good(present) and len(rounds) < MAX_ROUNDS and not is_same:
            wanted = {"action": "again", "wanted": present["wanted"], "newest": made["content"]}
            return SendBack("generate", state | wanted, f"Score {present['score']:.2f}: another round")
        if top["round"] != present["round"] and not is_same:
            return SendBack("generate", state | {"action": "restore"}, f"Round {top['round']} was better")
        return _done(rounds, top["round"])


def _done(rounds: list[dict[str, Any]], chosen: int) -> Done:
    score = next(one["score"] for one in rounds if one["round"] == chosen)
    return Done(
        {"action": "done", "rounds": rounds, "chosen": chosen}, f"Quality {score:.2f} after {len(rounds)} rounds"
    )


def _judged(context: Context, made: Mapping[str, Any]) -> dict[str, Any]:
    content = made["content"]
    report, quality = validate_text(content, text_of(context).name), assess(content)
    findings = [f"{one.message}. {one.hint}".strip() for one in report.findings if one.severity == "error"]
    return {
        "round": context.job.round,
        "score": quality.overall_score,
        "errors": len(report.errors),
        "words": quality.word_count,
        "wanted": [*findings, *quality.weaknesses, *quality.recommendations][:_MAX_WANTED],
    }


def _is_good(figures: Mapping[str, Any]) -> bool:
    """Or nothing can be said that would make it better."""
    return (not figures["errors"] and figures["score"] >= TARGET_SCORE) or not figures["wanted"]


def _rank(figures: Mapping[str, Any]) -> tuple[int, float]:
    return -figures["errors"], figures["score"]
