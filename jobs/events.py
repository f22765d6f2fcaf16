"""The log of a job: events numbered without a gap, written in the transaction of the change they tell of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from jobs import bell
from jobs.models import Job, JobEvent
from jobs.states import EventKind


def append_event(
    job: Job, kind: EventKind, message: str = "", *, phase: str = "", data: dict[str, Any] | None = None
) -> int:
    """Adds an event under the lock of the job's row, so that numbers follow the commits, and rings for the viewers.

    Returns its number.
    """
    Job.objects.filter(pk=job.pk).update(next_seq=F("next_seq") + 1, updated_at=Now())
    seq: int = Job.objects.values_list("next_seq", flat=True).get(pk=job.pk) - 1
    JobEvent.objects.create(
        job=job, seq=seq, kind=kind, phase=phase or job.phase, message=message[:255], data=data or {}
    )
    bell.ring(job.pk, seq)
    return seq


def events_after(job: Job, seq: int) -> list[JobEvent]:
    """The events after `seq` up to the state in which `job` was read: the two tell of the same moment."""
    return list(JobEvent.objects.filter(job=job, seq__gt=seq, seq__lt=job.next_seq).order_by("seq"))


def newest_numbers(job_ids: Collection[UUID | str]) -> dict[UUID, int]:
    """The number of each job's newest event."""
    heads = Job.objects.filter(pk__in=job_ids).order_by().values_list("pk", "next_seq")
    return {pk: next_seq - 1 for pk, next_seq in heads}
