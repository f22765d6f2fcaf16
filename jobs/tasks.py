"""The bell of the jobs engine: Celery messages that carry a job's id. Losing or doubling one changes no work."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.db.models.functions import Now

from core import heartbeat
from jobs import runner, sweeper
from jobs.models import Job

logger = logging.getLogger(__name__)


@shared_task(name="jobs.run")
def run_job(job_id: str) -> None:
    runner.run_job(UUID(job_id))


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Rings for what is due or was left by a dead worker, and ends what waited too long for people."""
    sweeper.expire_prompts()
    for job_id, left_by_worker in sweeper.due_jobs().items():
        ring(job_id, queue="recovery" if left_by_worker else "jobs")
    heartbeat.beat("worker")


def ring(job_id: UUID, *, queue: str = "jobs") -> None:
    """Tells a worker of the job. Where the broker is down nothing is lost: the sweeper rings again."""
    try:
        run_job.apply_async([str(job_id)], queue=queue)
    except run_job.OperationalError as problem:
        logger.warning("job %s: the broker did not take the message (%s); the sweeper will ring again", job_id, problem)
    else:
        Job.objects.filter(pk=job_id).update(dispatched_at=Now())
