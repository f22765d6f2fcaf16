"""Filters of job lists, in Fleet's words."""

from __future__ import annotations

from django.db.models import Q

from core.errors import Invalid
from jobs.models import JobQuerySet
from jobs.states import JobType, State

# As contract.status_of shows them: a job that waits for a worker after its start is running.
_CONDITIONS = {
    State.PENDING: Q(state=State.PENDING, fence=0),
    State.RUNNING: Q(state=State.RUNNING) | Q(state=State.PENDING, fence__gt=0),
}


def jobs_of(jobs: JobQuerySet, *, status: str, type: str) -> JobQuerySet:
    """Those with this status and type; empty means any. Raises Invalid for words that are neither."""
    if status:
        state = State(_known("status", status, State.values))
        jobs = jobs.filter(_CONDITIONS.get(state, Q(state=state)))
    return jobs.filter(type=_known("type", type, JobType.values)) if type else jobs


def _known(name: str, word: str, words: list[str]) -> str:
    if word not in words:
        message = f"{name} must be one of: {', '.join(words)}"
        raise Invalid(message, code=f"invalid_{name}", fields={name: [message]})
    return word
