"""T16. A job is cancelled, or its question's time runs out, in each state, with the sweeper stopped and started."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import Conflict
from jobs import runner, services, sweeper
from jobs.models import Job, JobEvent, Prompt
from jobs.states import Action, EventKind, PromptKind, State
from jobs.steps.base import Ask, Context, Done, Outcome
from tests.chaos.plan import Measured, trials
from tests.conftest import Tenant
from tests.jobs.conftest import PlantedStep, planted

pytestmark = [pytest.mark.plan("T16"), pytest.mark.django_db(transaction=True)]
__all__ = ["planted"]

EACH = trials(3, full=20)
STATES = ("pending", "running", "pending_hitl", "answered", "completed")
OVERDUE = timedelta(seconds=1)


def ask_once(context: Context) -> Outcome:
    decided = context.decision(PromptKind.CONFIRM)
    return Done({"action": decided.action}) if decided else Ask(PromptKind.CONFIRM, {"summary": "Shall we?"})


def answer(job: Job, jane: Tenant) -> None:
    services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.PROCEED)


def job_that_is(state: str, jane: Tenant, steps: dict[str, PlantedStep]) -> Job:
    """A job of three planted steps, the second of which asks people once."""
    steps["second"].behave = ask_once
    job = services.start_job(actor=jane.actor, request={"task_description": "Write a skill about patience"})
    if state == "running":
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING, fence=1, claimed_at=timezone.now())
    if state in ("pending_hitl", "answered", "completed"):
        runner.run_job(job.pk)
    if state in ("answered", "completed"):
        answer(job, jane)
    if state == "completed":
        runner.run_job(job.pk)
    job.refresh_from_db()
    return job


def cancel(job: Job, jane: Tenant) -> int:
    path = f"/api/v1/jobs/{job.pk}/cancel"
    return Client(headers=jane.headers).post(path, {}, content_type="application/json").status_code


def sweep() -> None:
    """What the sweeper does each second, and the workers it rings for."""
    sweeper.expire_prompts()
    for job_id in sweeper.due_jobs():
        runner.run_job(job_id)


def let_time_pass(job: Job) -> None:
    """So that nothing is too recent to be swept, and each question is overdue."""
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).exclude(claimed_at=None).update(claimed_at=long_ago, lease_until=long_ago)
    Job.objects.filter(pk=job.pk).update(dispatched_at=long_ago)
    Prompt.objects.filter(job=job).update(deadline_at=timezone.now() - OVERDUE)


def assert_settled(job: Job, state: str, code: str = "") -> None:
    job.refresh_from_db()
    assert (job.state, job.error_code) == (state, code)
    assert not Prompt.objects.open().filter(job=job).exists()
    ends = JobEvent.objects.filter(job=job, kind__in=[EventKind.COMPLETED, EventKind.FAILED, EventKind.CANCELLED])
    assert ends.count() == 1


@pytest.mark.parametrize("state", STATES)
def test_cancelled_in_each_state(state: str, jane: Tenant, planted: dict[str, PlantedStep], measured: Measured) -> None:
    for _ in range(EACH):
        job = job_that_is(state, jane, planted)
        assert cancel(job, jane) == (409 if state == "completed" else 200)
        let_time_pass(job)
        sweep()
        sweep()
        assert_settled(job, State.COMPLETED if state == "completed" else State.CANCELLED)
        with pytest.raises(Conflict):
            answer(job, jane)
        assert cancel(job, jane) == 409
    measured(f"{EACH} cancelled while {state}", "settled, late answers refused")


@pytest.mark.parametrize("state", STATES)
def test_out_of_time_in_each_state(
    state: str, jane: Tenant, planted: dict[str, PlantedStep], measured: Measured
) -> None:
    """The deadline counts from when it is over, whether or not a sweeper has said so."""
    for _ in range(EACH):
        job = job_that_is(state, jane, planted)
        let_time_pass(job)
        with pytest.raises(Conflict):  # the sweeper is stopped
            answer(job, jane)
        job.refresh_from_db()
        assert job.state == {"answered": State.PENDING}.get(state, state), "nobody else changed it"
        sweep()
        if state in ("pending", "running"):  # it has only now come to its question
            assert Prompt.objects.open().filter(job=job).exists()
            let_time_pass(job)
        sweep()
        done = state in ("answered", "completed")
        assert_settled(job, State.COMPLETED if done else State.FAILED, "" if done else "hitl_timeout")
        with pytest.raises(Conflict):
            answer(job, jane)
    measured(f"{EACH} out of time while {state}", "settled in 2 sweeps")


def test_who_is_late_is_told_so(jane: Tenant, planted: dict[str, PlantedStep]) -> None:
    job = job_that_is("pending_hitl", jane, planted)
    let_time_pass(job)
    body = Client(headers=jane.headers).post(
        f"/api/v1/hitl/{job.pk}/response", {"action": "proceed"}, content_type="application/json"
    )
    assert body.json() == {
        "status": "ignored",
        "job_status": "pending_hitl",
        "detail": "The time to answer this question is over.",
    }
