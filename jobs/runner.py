"""Runs jobs step by step. PostgreSQL is the truth: a claim takes a fence, every commit checks it, and what a dead
worker left is found and taken over by the next (see docs/adr/0002)."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from core import logs, tracing
from core.errors import DomainError, Unavailable
from inference.usage import recording
from inference.writer import Emit
from jobs import bell
from jobs.events import append_event
from jobs.liveness import Lifeline
from jobs.models import Job, JobStep, Prompt
from jobs.states import FINISHED, EventKind, State
from jobs.steps import STEPS
from jobs.steps.base import Ask, Cancel, Context, Decision, Done, Outcome, SendBack, Step
from jobs.streaming import emitting
from jobs.usage import sink_of

logger = logging.getLogger(__name__)

MAX_RETRIES = 5
MAX_BACKOFF_SECONDS = 300
# Between two looks for a worker of the release that a job needs; five of them outlast a deployment.
OTHER_RELEASE_SECONDS = 15
# A job that became due again may still be locked for this long by the worker that is just letting go of it.
HANDOVER_SECONDS = 1.0


class Lost(Exception):
    """This worker's claim is no longer the newest: it must write nothing more."""


@dataclass(frozen=True)
class Claim:
    """The right to advance a job, good while the job's fence is still `fence`."""

    job_id: UUID
    fence: int


def run_job(job_id: UUID) -> bool:
    """Advances the job until it waits for people or ends. Returns False where there was nothing to do, as for a message
    that came twice."""
    state = Job.objects.filter(pk=job_id).values_list("state", flat=True).first()
    if state not in (State.PENDING, State.RUNNING):
        return False
    patience = HANDOVER_SECONDS if state == State.PENDING else 0
    with logs.about(job_id=job_id), Lifeline(job_id, patience=patience) as lifeline:
        claim = _claim(job_id, orphaned=lifeline.held)
        if claim is None:
            return False
        lifeline.keep_lease(claim.fence)
        try:
            while _advance(claim):
                if lifeline.lost:
                    raise Lost
        except Lost:
            logger.warning("job %s: another worker has taken over", job_id)
        return True


def _claim(job_id: UUID, *, orphaned: bool) -> Claim | None:
    """Takes a due job, or a running one that nobody works on: its lock is free (`orphaned`) or its lease ran out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE job SET state = 'running', fence = fence + 1, crashes = crashes + (state = 'running')::int,
                   claimed_at = now(), lease_until = now() + make_interval(secs => %(lease)s), updated_at = now()
            WHERE id = %(id)s
              AND ((state = 'pending' AND available_at <= now() AND (%(orphaned)s OR lease_until IS NULL))
                OR (state = 'running' AND (%(orphaned)s OR lease_until < now())))
            RETURNING fence, crashes
            """,
            {"id": job_id, "orphaned": orphaned, "lease": settings.JOB_LEASE_SECONDS},
        )
        row = cursor.fetchone()
        if row is None:
            return None
        fence, crashes = row
        bell.ring(job_id)
        if crashes:
            job = Job.objects.get(pk=job_id)
            append_event(job, EventKind.RECOVERED, "Taken over from a worker that stopped", data={"crashes": crashes})
        return Claim(job_id, fence)


def _locked(claim: Claim) -> Job:
    """The job under its row's lock, if the claim still holds; everything a worker writes comes after this."""
    job = Job.objects.select_for_update().filter(pk=claim.job_id, fence=claim.fence, state=State.RUNNING).first()
    if job is None:
        raise Lost
    return job


def _advance(claim: Claim) -> bool:
    """Runs one step and commits it. Returns whether there is more to do now."""
    job = Job.objects.filter(pk=claim.job_id, fence=claim.fence, state=State.RUNNING).first()
    if job is None:
        raise Lost
    if job.cancel_requested_at or job.crashes > settings.JOB_MAX_CRASHES or job.position >= len(job.plan):
        return _commit(claim, _end)
    step = STEPS.get(job.plan[job.position])
    if step is None:
        return _commit(claim, _leave_to_another_release)
    started = time.monotonic()
    try:
        with _observed(job, step), emitting(job) as emit, recording(sink_of(job, step.name)):
            outcome = step.run(_context(job, emit))
    except DatabaseError:
        raise  # the claim stays; the sweeper finds the job without a holder and rings again
    except Exception as problem:
        return _commit(claim, partial(_fail_or_retry, step=step, problem=problem))
    duration = round((time.monotonic() - started) * 1000)
    return _commit(claim, lambda job: _record(job, step, outcome, duration))


@contextmanager
def _observed(job: Job, step: Step) -> Iterator[None]:
    """The step's span, in the trace of the request that set the job going, whichever message rang for it."""
    attributes: dict[str, str | int] = {
        "guildhall.job": str(job.pk),
        "guildhall.job_type": job.type,
        "guildhall.round": job.round,
    }
    with tracing.span(f"step {step.name}", parent=job.trace, attributes=attributes):
        yield


def _fail_or_retry(job: Job, *, step: Step, problem: Exception) -> bool:
    """A rule broken by the request ends the job with its message; all else is tried again."""
    if isinstance(problem, DomainError) and not isinstance(problem, Unavailable):
        return finish(job, State.FAILED, problem.message, error_code=problem.code)
    if isinstance(problem, Unavailable):
        return _retry(job, problem.message, at_least=problem.retry_after)
    logger.error("job %s: step %s failed", job.pk, step.name, exc_info=problem)
    return _retry(job, f"The step '{step.title}' failed unexpectedly.")


def _leave_to_another_release(job: Job) -> bool:
    """The plan was made by a release that knows more steps: one of its workers is to take the job."""
    message = f"Waiting for a worker that knows the step '{job.plan[job.position]}'"
    return _retry(job, message, at_least=OTHER_RELEASE_SECONDS)


def _context(job: Job, emit: Emit | None) -> Context:
    newest = {one.name: one.output for one in JobStep.objects.filter(job=job).order_by("round", "id")}
    answered = Prompt.objects.filter(job=job, answered_at__isnull=False).order_by("answered_at")
    return Context(job=job, outputs=newest, decisions=[Decision.of(prompt) for prompt in answered], emit=emit)


def _commit(claim: Claim, change: Callable[[Job], bool]) -> bool:
    with transaction.atomic():
        return change(_locked(claim))


def _end(job: Job, ending: str = "") -> bool:
    """Ends a job that has nothing left to run, was called off, or kills every worker that takes it."""
    if job.cancel_requested_at:
        return finish(job, State.CANCELLED, "Cancelled")
    if job.position >= len(job.plan):
        return finish(job, State.COMPLETED, ending or "Completed")
    step = STEPS.get(job.plan[job.position])
    message = f"The step '{step.title if step else job.plan[job.position]}' stopped its worker {job.crashes} times."
    return finish(job, State.FAILED, message, error_code="crashed_too_often")


def _record(job: Job, step: Step, outcome: Outcome, duration_ms: int) -> bool:
    """Writes what came of a step: its output, its effect and its events, all or nothing."""
    if job.cancel_requested_at:
        return _end(job)
    _enter_phase(job, step)
    match outcome:
        case Done():
            _keep(job, step, outcome.output, duration_ms)
            if outcome.effect:
                outcome.effect(job)
            return _go_to(job, job.position + 1, outcome.message or step.title, outcome.ending)
        case SendBack():
            _keep(job, step, outcome.output, duration_ms)
            job.round += 1
            return _go_to(job, job.plan.index(outcome.to), outcome.message or "Working in the feedback")
        case Ask():
            return _wait_for_people(job, outcome)
        case Cancel():
            return finish(job, State.CANCELLED, outcome.message)


def _enter_phase(job: Job, step: Step) -> None:
    if job.phase == step.phase:
        return
    if job.phase:
        append_event(job, EventKind.PHASE_FINISHED, f"Finished {job.phase}")
    job.phase = step.phase
    Job.objects.filter(pk=job.pk).update(phase=step.phase)
    append_event(job, EventKind.PHASE_STARTED, f"Started {step.phase}")


def _keep(job: Job, step: Step, output: Any, duration_ms: int) -> None:
    JobStep.objects.create(job=job, name=step.name, round=job.round, output=output, duration_ms=duration_ms)
    data = {"step": step.name, "round": job.round, "duration_ms": duration_ms}
    append_event(job, EventKind.STEP_FINISHED, step.title, data=data)


def _go_to(job: Job, position: int, message: str, ending: str = "") -> bool:
    """Moves on. Progress never goes back, though the work may; a finished step clears the counts of failures."""
    reached = min(99, round(100 * position / len(job.plan)))
    Job.objects.filter(pk=job.pk).update(
        position=position,
        round=job.round,
        crashes=0,
        retries=0,
        message=message[:255],
        progress=Greatest(F("progress"), reached),
        updated_at=Now(),
    )
    job.position = position
    return _end(job, ending) if position >= len(job.plan) else True


def _wait_for_people(job: Job, ask: Ask) -> bool:
    deadline = timezone.now() + timedelta(seconds=settings.HITL_TIMEOUT_SECONDS)
    prompt = Prompt.objects.create(
        job=job, client_id=job.client_id, kind=ask.kind, round=job.round, data=ask.data, deadline_at=deadline
    )
    message = ask.message or f"Waiting for people: {prompt.get_kind_display().lower()}"
    Job.objects.filter(pk=job.pk).update(
        state=State.PENDING_HITL, lease_until=None, crashes=0, retries=0, message=message[:255], updated_at=Now()
    )
    append_event(job, EventKind.PROMPT_OPENED, message, data={"prompt": str(prompt.pk), "kind": ask.kind})
    return False


def _retry(job: Job, message: str, *, at_least: float = 0) -> bool:
    """Tries again later, each time after a longer pause or after the one that was asked for; gives up after the fifth
    time."""
    if job.retries >= MAX_RETRIES:
        return finish(job, State.FAILED, message, error_code="retries_exhausted")
    pause = min(2**job.retries, MAX_BACKOFF_SECONDS) * random.uniform(0.5, 1.5)  # noqa: S311
    pause = max(pause, at_least)
    Job.objects.filter(pk=job.pk).update(
        state=State.PENDING,
        lease_until=None,
        crashes=0,
        retries=F("retries") + 1,
        available_at=Now() + timedelta(seconds=pause),
        message=message[:255],
        updated_at=Now(),
    )
    append_event(job, EventKind.RETRIED, message, data={"attempt": job.retries + 1, "pause_seconds": round(pause, 1)})
    return False


_ENDINGS = {
    State.COMPLETED: EventKind.COMPLETED,
    State.FAILED: EventKind.FAILED,
    State.CANCELLED: EventKind.CANCELLED,
}


def finish(job: Job, state: State, message: str, *, error_code: str = "") -> bool:
    """Ends the job, whose row the caller has locked, and closes what was open. Returns False: nothing is left."""
    if job.state in FINISHED:
        return False
    failed = state == State.FAILED
    changes: dict[str, Any] = {"progress": 100} if state == State.COMPLETED else {}
    Prompt.objects.open().filter(job=job).update(closed_at=Now())
    Job.objects.filter(pk=job.pk).update(
        state=state,
        message=message[:255],
        error=message if failed else "",
        error_code=error_code,
        lease_until=None,
        finished_at=Now(),
        updated_at=Now(),
        **changes,
    )
    job.state = state
    append_event(job, _ENDINGS[state], message, data={"error_code": error_code} if failed else {})
    return False
