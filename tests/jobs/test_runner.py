"""The engine: steps commit with their events, people hold no worker, stale workers write nothing."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from core.errors import Conflict, Invalid, Unavailable
from jobs import runner, services, sweeper
from jobs.liveness import Lifeline
from jobs.models import Draft, Job, JobEvent, JobStep, Prompt
from jobs.states import Action, EventKind, PromptKind, State
from jobs.steps.base import Ask, Cancel, Context, Done, Outcome, SendBack

from .conftest import PlantedStep

pytestmark = pytest.mark.django_db(transaction=True)
Steps = dict[str, PlantedStep]


def kinds(job: Job) -> list[str]:
    return list(JobEvent.objects.filter(job=job).values_list("kind", flat=True))


def assert_gapless(job: Job) -> None:
    numbers = list(JobEvent.objects.filter(job=job).order_by("id").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def ask_once(context: Context) -> Outcome:
    decision = context.decision(PromptKind.CONFIRM)
    if decision is None:
        return Ask(PromptKind.CONFIRM, {"summary": "Shall we?"})
    if decision.action == Action.REVISE:
        return SendBack("first", {"feedback": decision.feedback})
    return Cancel() if decision.action == Action.CANCEL else Done({"action": decision.action})


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))


def test_a_job_runs_through_its_plan_and_logs_every_step(job: Job, planted: Steps) -> None:
    assert runner.run_job(job.pk) is True
    job.refresh_from_db()
    assert (job.state, job.progress, job.position) == (State.COMPLETED, 100, 3)
    assert job.finished_at is not None
    assert [len(step.runs) for step in planted.values()] == [1, 1, 1]
    assert kinds(job).count(EventKind.STEP_FINISHED) == 3
    assert kinds(job)[0] == EventKind.QUEUED
    assert kinds(job)[-1] == EventKind.COMPLETED
    assert_gapless(job)


def test_a_message_that_comes_twice_does_the_work_once(job: Job, planted: Steps) -> None:
    assert runner.run_job(job.pk) is True
    assert runner.run_job(job.pk) is False
    assert len(planted["first"].runs) == 1


def test_two_workers_at_once_do_each_step_once(job: Job, planted: Steps) -> None:
    barrier = threading.Barrier(2)
    results: list[bool] = []

    def work() -> None:
        barrier.wait()
        results.append(runner.run_job(job.pk))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]
    assert JobStep.objects.filter(job=job).count() == 3
    assert_gapless(job)


def test_a_question_frees_the_worker_and_the_answer_goes_on(job: Job, planted: Steps, actor) -> None:
    planted["second"].behave = ask_once
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == State.PENDING_HITL
    assert job.lease_until is None
    services.answer_prompt(actor=actor, job_id=job.pk, action=Action.PROCEED)
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == State.COMPLETED
    assert len(planted["first"].runs) == 1
    assert_gapless(job)


def test_feedback_sends_the_work_back_and_progress_never_falls(job: Job, planted: Steps, actor) -> None:
    planted["second"].behave = ask_once
    runner.run_job(job.pk)
    before = Job.objects.get(pk=job.pk).progress
    services.answer_prompt(actor=actor, job_id=job.pk, action=Action.REVISE, feedback="Shorter, please")
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.round) == (State.PENDING_HITL, 2)
    assert job.progress >= before
    assert planted["first"].runs[1].outputs["second"]["feedback"] == "Shorter, please"
    services.answer_prompt(actor=actor, job_id=job.pk, action=Action.PROCEED)
    runner.run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == State.COMPLETED
    assert list(JobStep.objects.filter(job=job, name="first").values_list("round", flat=True)) == [1, 2]


def test_cancel_at_a_checkpoint_ends_the_job(job: Job, planted: Steps, actor) -> None:
    planted["second"].behave = ask_once
    runner.run_job(job.pk)
    services.answer_prompt(actor=actor, job_id=job.pk, action=Action.CANCEL)
    runner.run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == State.CANCELLED


@pytest.mark.parametrize("waiting", [True, False])
def test_cancel_from_outside_ends_a_job_that_runs_or_waits(job: Job, planted: Steps, actor, waiting: bool) -> None:
    def cancelled_meanwhile(_: Context) -> Outcome:
        services.cancel_job(actor=actor, job_id=job.pk, reason="no longer needed")
        return Done({})

    planted["second"].behave = ask_once if waiting else cancelled_meanwhile
    runner.run_job(job.pk)
    if waiting:
        services.cancel_job(actor=actor, job_id=job.pk)
        with pytest.raises(Conflict):
            services.answer_prompt(actor=actor, job_id=job.pk, action=Action.PROCEED)
    assert Job.objects.get(pk=job.pk).state == State.CANCELLED
    assert not Prompt.objects.open().filter(job=job).exists()
    assert len(planted["third"].runs) == 0
    with pytest.raises(Conflict):
        services.cancel_job(actor=actor, job_id=job.pk)


def test_a_worker_whose_fence_is_old_writes_nothing(job: Job, planted: Steps) -> None:
    def overtaken(_: Context) -> Outcome:
        Job.objects.filter(pk=job.pk).update(fence=99)
        return Done({"written by": "a zombie"})

    planted["second"].behave = overtaken
    runner.run_job(job.pk)
    assert not JobStep.objects.filter(job=job, name="second").exists()
    assert Job.objects.get(pk=job.pk).position == 1


def test_an_effect_that_fails_takes_its_step_with_it(job: Job, planted: Steps) -> None:
    def failing_effect(_: Job) -> None:
        Draft.objects.create(
            job=job, client_id="42", slug="x", taxonomy_path="technical", content="x", passed=True, score=1.0
        )
        raise RuntimeError("after the effect")

    planted["second"].behave = lambda _: Done({}, effect=failing_effect)
    with pytest.raises(RuntimeError):
        runner.run_job(job.pk)
    assert not Draft.objects.exists()
    assert not JobStep.objects.filter(name="second").exists()
    assert_gapless(job)


def test_a_broken_rule_fails_the_job_with_its_message(job: Job, planted: Steps) -> None:
    def broken(_: Context) -> Outcome:
        raise Invalid("The request asks for nothing.", code="empty_request")

    planted["second"].behave = broken
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.error_code) == (State.FAILED, "The request asks for nothing.", "empty_request")
    assert kinds(job)[-1] == EventKind.FAILED


@pytest.mark.parametrize("problem", [Unavailable("The model is away."), ValueError("secret detail")])
def test_trouble_is_tried_again_with_pauses_and_then_given_up(job: Job, planted: Steps, problem: Exception) -> None:
    def troubled(_: Context) -> Outcome:
        raise problem

    planted["second"].behave = troubled
    for attempt in range(runner.MAX_RETRIES):
        make_due(job)
        runner.run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.retries) == (State.PENDING, attempt + 1)
        assert job.available_at > timezone.now()
    make_due(job)
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "retries_exhausted")
    assert "secret" not in job.error
    assert len(planted["first"].runs) == 1


def test_the_sweeper_finds_a_job_whose_worker_died(job: Job, planted: Steps) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING,
        fence=1,
        position=1,
        claimed_at=timezone.now() - timedelta(seconds=2),
        lease_until=timezone.now() + timedelta(seconds=60),
        dispatched_at=timezone.now() - timedelta(seconds=3),
    )
    assert sweeper.due_jobs() == {job.pk: True}
    assert sweeper.due_jobs() == {}, "a job rung just now is not rung again"
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert job.state == State.COMPLETED
    assert EventKind.RECOVERED in kinds(job)
    assert len(planted["first"].runs) == 0


def test_the_sweeper_rings_for_a_job_that_no_message_tells_of(job: Job, planted: Steps) -> None:
    Job.objects.filter(pk=job.pk).update(dispatched_at=None)
    assert sweeper.due_jobs() == {job.pk: False}
    assert sweeper.due_jobs() == {}
    lost_with_redis = timezone.now() - timedelta(seconds=sweeper.PENDING_PAUSE_SECONDS + 1)
    Job.objects.filter(pk=job.pk).update(dispatched_at=lost_with_redis)
    assert sweeper.due_jobs() == {job.pk: False}


def test_the_sweeper_leaves_a_job_whose_worker_lives(job: Job, planted: Steps) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING,
        claimed_at=timezone.now() - timedelta(seconds=9),
        lease_until=timezone.now() + timedelta(seconds=60),
        dispatched_at=None,
    )
    with Lifeline(job.pk) as lifeline:
        assert lifeline.held
        assert sweeper.due_jobs() == {}
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert sweeper.due_jobs() == {job.pk: True}, "a worker that hangs past its lease loses the job"


def test_a_job_that_kills_its_workers_is_given_up(job: Job, planted: Steps, settings) -> None:
    settings.JOB_MAX_CRASHES = 2
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, crashes=2)
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "crashed_too_often")


def test_a_question_nobody_answers_in_time_fails_the_job(job: Job, planted: Steps, actor) -> None:
    planted["first"].behave = ask_once
    runner.run_job(job.pk)
    assert sweeper.expire_prompts() == 0
    Prompt.objects.filter(job=job).update(deadline_at=timezone.now() - timedelta(seconds=1))
    assert sweeper.expire_prompts() == 1
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "hitl_timeout")
    with pytest.raises(Conflict):
        services.answer_prompt(actor=actor, job_id=job.pk, action=Action.PROCEED)


def test_the_lease_is_renewed_while_a_step_runs(job: Job, planted: Steps, settings) -> None:
    settings.JOB_LEASE_SECONDS = 1
    first_lease = threading.Event()

    def slow(_: Context) -> Outcome:
        before = Job.objects.get(pk=job.pk).lease_until
        for _ in range(100):
            if Job.objects.get(pk=job.pk).lease_until != before:
                first_lease.set()
                break
            threading.Event().wait(0.02)
        return Done({})

    planted["first"].behave = slow
    runner.run_job(job.pk)
    assert first_lease.is_set()
    assert Job.objects.get(pk=job.pk).state == State.COMPLETED


def advisory_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND objsubid = 1 AND datname = current_database()"
        )
        count: int = cursor.fetchone()[0]
    return count


def test_the_lock_goes_with_the_lifeline(job: Job) -> None:
    with Lifeline(job.pk) as first, Lifeline(job.pk) as second:
        assert first.held
        assert not second.held
    with Lifeline(job.pk, patience=5) as third:
        assert third.held
    until = time.monotonic() + 5
    while advisory_locks() and time.monotonic() < until:  # PostgreSQL notices a closed socket in a moment
        time.sleep(0.01)
    assert advisory_locks() == 0
