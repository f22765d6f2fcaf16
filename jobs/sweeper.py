"""Finds what should run and does not: jobs whose message was lost or whose worker died, questions nobody answered."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from jobs.liveness import LOCK_KEY_SQL
from jobs.models import Job, Prompt
from jobs.runner import finish
from jobs.states import State

SWEEP_BATCH = 100
# Jobs rung less long ago than this are not rung again; duplicates do no harm, floods would.
PENDING_PAUSE_SECONDS = 15
ORPHAN_PAUSE_SECONDS = 3


def expire_prompts() -> int:
    """Fails the jobs whose question nobody answered in time; returns how many."""
    overdue = Prompt.objects.open().filter(deadline_at__lt=Now()).values_list("job_id", flat=True)[:SWEEP_BATCH]
    expired = 0
    for job_id in list(overdue):
        with transaction.atomic():
            job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=State.PENDING_HITL).first()
            if job and Prompt.objects.open().filter(job=job, deadline_at__lt=Now()).exists():
                finish(job, State.FAILED, "Nobody answered the question in time.", error_code="hitl_timeout")
                expired += 1
    return expired


def due_jobs() -> dict[UUID, bool]:
    """Marks as rung the jobs that should run now; maps each to whether a worker left it (True) or it is merely due."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE job SET dispatched_at = now() WHERE id IN (
                SELECT id FROM job WHERE
                    (state = 'pending' AND available_at <= now()
                     AND (dispatched_at IS NULL OR dispatched_at < now() - make_interval(secs => %(pending)s)))
                 OR (state = 'running'
                     AND (dispatched_at < claimed_at OR dispatched_at < now() - make_interval(secs => %(orphan)s)
                          OR dispatched_at IS NULL)
                     AND (lease_until < now() OR (claimed_at < now() - interval '0.5 s' AND NOT EXISTS (
                            SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
                               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                               AND (classid::bigint << 32) | objid::bigint
                                   = {LOCK_KEY_SQL.format(job_id="job.id::text")}))))
                ORDER BY state = 'pending', available_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
            RETURNING id, state = 'running'
            """,  # noqa: S608 - only a constant is put in
            {"pending": PENDING_PAUSE_SECONDS, "orphan": ORPHAN_PAUSE_SECONDS, "batch": SWEEP_BATCH},
        )
        return dict(cursor.fetchall())
