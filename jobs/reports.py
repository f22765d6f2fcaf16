"""How the work goes: what waits, what was begun and how it ended, counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Min
from django.db.models.functions import Now, TruncDate

from jobs.models import Job, JobQuerySet, Prompt, PromptQuerySet
from jobs.states import State

SHOWN = 8


class Failure(NamedTuple):
    """Jobs that failed for one reason: its code, how many, the newest of them."""

    code: str
    times: int
    newest: Job


def longest_waiting(prompts: PromptQuerySet, limit: int = SHOWN) -> list[Prompt]:
    """The open prompts that wait longest, with their jobs, without their texts."""
    return list(prompts.open().select_related("job").defer("data", "response").order_by("created_at", "id")[:limit])


def jobs_by_day(jobs: JobQuerySet, days: Sequence[datetime]) -> dict[str, list[int]]:
    """By state, how many of the jobs made on each of the days (midnights, in order) are in it now."""
    rows = jobs.filter(created_at__gte=days[0]).order_by().annotate(day=TruncDate("created_at"))
    counted = {(day, state): number for day, state, number in rows.values_list("day", "state").annotate(n=Count("id"))}
    return {state: [counted.get((day.date(), state), 0) for day in days] for state in State.values}


def oldest_due() -> datetime | None:
    """Since when the job waits that should have begun longest ago; None where none does."""
    due = Job.objects.filter(state=State.PENDING, available_at__lte=Now()).order_by()
    oldest: datetime | None = due.aggregate(at=Min("available_at"))["at"]
    return oldest


def failures(jobs: JobQuerySet, since: datetime) -> list[Failure]:
    """The reasons for which jobs failed, the most frequent first."""
    failed = jobs.filter(state=State.FAILED, finished_at__gte=since).order_by()
    counted = failed.values_list("error_code").annotate(times=Count("id"), last=Max("finished_at")).order_by("-times")
    reasons = list(counted[:SHOWN])
    newest = failed.filter(finished_at__in=[last for _, _, last in reasons]) if reasons else failed.none()
    examples = {job.error_code: job for job in newest.only("id", "type", "error_code", "error", "finished_at")}
    return [Failure(code, times, examples[code]) for code, times, _ in reasons if code in examples]
