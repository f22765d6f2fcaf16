"""Who looks at a question, and a failed job tried again: once, from where it stopped."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEvent, User
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from jobs import runner, services, sweeper
from jobs.models import Job, JobEvent, JobStep, Prompt
from jobs.states import Action, EventKind, PromptKind, State
from jobs.steps.base import Ask, Context, Done, Outcome
from jobs.supervising import assign_prompt, retry_job
from tests.jobs.conftest import PlantedStep

pytestmark = pytest.mark.django_db(transaction=True)


def asks_once(context: Context) -> Outcome:
    decided = context.decision(PromptKind.CONFIRM)
    return Done({"by": decided.answered_by}) if decided else Ask(PromptKind.CONFIRM, {"summary": "x"})


@pytest.fixture
def asked(planted: dict[str, PlantedStep], job: Job) -> Prompt:
    planted["second"].behave = asks_once
    runner.run_job(job.pk)
    return Prompt.objects.get(job=job)


def test_a_question_is_given_to_a_reviewer_and_taken_back(asked: Prompt, actor: Actor) -> None:
    User.objects.create_user("ann", client_id="42", role="manager")
    for to in ("ann", actor.username, ""):
        assign_prompt(actor=actor, prompt=asked, to=to)
        asked.refresh_from_db()
        assert asked.assignee == to
    assign_prompt(actor=actor, prompt=asked, to="")
    lines = AuditEvent.objects.filter(action="assign").order_by("id")
    assert [line.detail["to"] for line in lines] == ["ann", "jane", ""]


def test_who_may_not_decide_is_given_nothing(asked: Prompt, actor: Actor) -> None:
    User.objects.create_user("reader", client_id="42", role="user")
    User.objects.create_user("gone", client_id="42", role="manager", is_active=False)
    for to in ("reader", "gone", "nobody-at-all"):
        with pytest.raises(Invalid) as refused:
            assign_prompt(actor=actor, prompt=asked, to=to)
        assert "assignee" in refused.value.fields
    with pytest.raises(Forbidden):
        assign_prompt(actor=Actor("42", "jane", "user"), prompt=asked, to="jane")
    with pytest.raises(NotFound):
        assign_prompt(actor=Actor("99", "sam", "admin"), prompt=asked, to="sam")
    services.answer_prompt(actor=actor, job_id=asked.job_id, action=Action.PROCEED)
    with pytest.raises(Conflict):
        assign_prompt(actor=actor, prompt=asked, to="jane")


def test_a_failed_job_goes_on_after_its_last_finished_step(
    planted: dict[str, PlantedStep], job: Job, actor: Actor
) -> None:
    def breaks(context: Context) -> Outcome:
        raise Invalid("no such thing", code="broken")

    planted["second"].behave = breaks
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "broken")
    planted["second"].behave = lambda _: Done({"ok": True})
    again = retry_job(actor=actor, job_id=job.pk)
    assert (again.state, again.error, again.error_code, again.finished_at) == (State.PENDING, "", "", None)
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == State.COMPLETED
    assert [len(step.runs) for step in planted.values()] == [1, 2, 1]
    assert JobStep.objects.filter(job=job).count() == 3
    assert JobEvent.objects.filter(job=job, kind=EventKind.RETRIED).count() == 1
    assert AuditEvent.objects.filter(action="retry", subject_id=str(job.pk)).count() == 1


def test_a_question_nobody_answered_in_time_waits_anew(
    asked: Prompt, planted: dict[str, PlantedStep], actor: Actor
) -> None:
    Prompt.objects.filter(pk=asked.pk).update(deadline_at=timezone.now())
    assert sweeper.expire_prompts() == 1
    job = retry_job(actor=actor, job_id=asked.job_id)
    asked.refresh_from_db()
    assert (job.state, asked.is_open) == (State.PENDING_HITL, True)
    assert asked.deadline_at > timezone.now()
    assert sweeper.expire_prompts() == 0
    services.answer_prompt(actor=actor, job_id=job.pk, action=Action.PROCEED)
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == State.COMPLETED


@pytest.mark.parametrize("state", [State.PENDING, State.RUNNING, State.COMPLETED, State.CANCELLED])
def test_only_failed_jobs_are_tried_again(job: Job, actor: Actor, state: State) -> None:
    finished = timezone.now() if state in (State.COMPLETED, State.CANCELLED) else None
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=finished)
    with pytest.raises(Conflict):
        retry_job(actor=actor, job_id=job.pk)
    with pytest.raises(Forbidden):
        retry_job(actor=Actor("42", "jane", "user"), job_id=job.pk)
    with pytest.raises(NotFound):
        retry_job(actor=Actor("99", "sam", "admin"), job_id=job.pk)
    job.refresh_from_db()
    assert job.state == state
    assert not AuditEvent.objects.filter(action="retry").exists()


def test_of_two_who_try_again_at_once_one_does(job: Job, actor: Actor) -> None:
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, finished_at=timezone.now())
    barrier, outcomes = threading.Barrier(2), []

    def attempt() -> None:
        barrier.wait(10)
        try:
            outcomes.append(retry_job(actor=actor, job_id=job.pk).state)
        except DomainError as problem:
            outcomes.append(problem.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["job_not_failed", "pending"]
    assert JobEvent.objects.filter(job=job, kind=EventKind.RETRIED).count() == 1
