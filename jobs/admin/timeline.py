"""What happened to a job, for its page: events in order with when, how long and at what price; phases; rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from jobs.models import Job, JobEvent, JobStep, WriterCall
from jobs.states import EventKind, Phase
from jobs.steps.quality import Quality
from jobs.usage import totals_of

EVENT_ICONS: Final[Mapping[str, str]] = {
    EventKind.QUEUED: "schedule",
    EventKind.PHASE_STARTED: "flag",
    EventKind.PHASE_FINISHED: "sports_score",
    EventKind.STEP_FINISHED: "check",
    EventKind.PROMPT_OPENED: "help",
    EventKind.PROMPT_ANSWERED: "how_to_reg",
    EventKind.RETRIED: "replay",
    EventKind.RECOVERED: "healing",
    EventKind.COMPLETED: "task_alt",
    EventKind.FAILED: "error",
    EventKind.CANCELLED: "cancel",
    EventKind.PROMOTED: "publish",
}


def timeline(job: Job, events: Sequence[JobEvent], calls: Iterable[WriterCall]) -> list[dict[str, Any]]:
    """Events with the time since the job began; finished steps with the milliseconds they worked and what the calls of
    their writers used (`used`, as `jobs.usage.totals_of`; None where no writer was called)."""
    by_step: dict[tuple[str, int], list[WriterCall]] = defaultdict(list)
    for call in calls:
        by_step[call.step, call.round].append(call)
    rows = []
    for event in events:
        made = by_step.get((event.data.get("step", ""), event.data.get("round", 0)))
        rows.append(
            {
                "event": event,
                "icon": EVENT_ICONS.get(event.kind, "circle"),
                "at": max(event.at - job.created_at, timedelta()),
                "worked": event.data.get("duration_ms"),
                "used": totals_of(made) if made else None,
            }
        )
    return rows


def phases(events: Sequence[JobEvent]) -> list[dict[str, Any]]:
    """For each phase the milliseconds worked in it and the time from its first event to its last, waiting included."""
    by_phase: dict[str, list[JobEvent]] = defaultdict(list)
    for event in events:
        by_phase[event.phase].append(event)
    return [
        {
            "name": phase.label,
            "worked": sum(event.data.get("duration_ms", 0) for event in by_phase[phase]),
            "span": by_phase[phase][-1].at - by_phase[phase][0].at,
        }
        for phase in Phase
        if by_phase[phase]
    ]


def quality_rounds(job: Job) -> list[dict[str, Any]]:
    """Score, errors and words of each text since people last spoke; none where the first was good."""
    newest = job.steps.filter(name=Quality.name).order_by("-round").first()
    rounds = newest.output.get("rounds", []) if newest else []
    chosen = newest.output.get("chosen") if newest else None
    return [{**one, "is_chosen": one["round"] == chosen} for one in rounds] if len(rounds) > 1 else []


def by_round(steps: Iterable[JobStep]) -> list[tuple[int, list[JobStep]]]:
    rounds: dict[int, list[JobStep]] = defaultdict(list)
    for step in steps:
        rounds[step.round].append(step)
    return sorted(rounds.items())
