"""T4. Two people answer one question at the same moment, over HTTP: one decides, and the other is told who did."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.services import issue_api_key
from jobs.models import Job, JobEvent, Prompt
from jobs.states import EventKind, PromptKind, State
from tests.chaos.plan import Measured, trials
from tests.conftest import Tenant

pytestmark = [pytest.mark.plan("T4"), pytest.mark.django_db(transaction=True), pytest.mark.slow]

QUESTIONS, NAIVE_QUESTIONS = trials(40, full=500), trials(40, full=500)


@pytest.fixture
def waiting(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Jobs that each wait for one answer."""
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)
    request = {"task_description": "Write a skill that many people want to decide about"}
    made = [
        Job(client=jane.client, owner="jane", request=request, plan=["confirm"], state=State.PENDING_HITL, fence=1)
        for _ in range(max(QUESTIONS, NAIVE_QUESTIONS))
    ]
    jobs = Job.objects.bulk_create(made)
    deadline = timezone.now() + timedelta(hours=1)
    Prompt.objects.bulk_create(
        Prompt(job=job, client=jane.client, kind=PromptKind.CONFIRM, deadline_at=deadline) for job in jobs
    )
    return jobs


def race(count: int, decide) -> None:
    """Two threads that call `decide(person, number)` at the same moment, for each number."""
    barrier, problems = threading.Barrier(2), []

    def work(person: int) -> None:
        try:
            for number in range(count):
                barrier.wait(30)
                decide(person, number)
        except Exception as problem:
            problems.append(problem)
            barrier.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[person]) for person in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, problems


def test_one_of_two_people_decides(jane: Tenant, waiting: list[Job], measured: Measured) -> None:
    jim = jane.user.__class__.objects.create_user("jim", client=jane.client, role="manager")
    _, key = issue_api_key(actor=jane.actor, user=jim, name="test")
    people = [Client(headers=jane.headers), Client(headers={"Authorization": f"Bearer {key}"})]
    told: list[list[dict[str, str]]] = [[], []]

    def decide(person: int, number: int) -> None:
        body = {"action": "proceed"}
        answer = people[person].post(f"/api/v1/hitl/{waiting[number].pk}/response", body, "application/json")
        assert answer.status_code == 200, answer.content
        told[person].append(answer.json())

    race(QUESTIONS, decide)
    pairs = Counter(tuple(sorted((one["status"], other["status"]))) for one, other in zip(*told, strict=True))
    assert pairs == {("ignored", "received"): QUESTIONS}
    assert all(one["detail"] for answers in told for one in answers if one["status"] == "ignored")
    assert JobEvent.objects.filter(kind=EventKind.PROMPT_ANSWERED).count() == QUESTIONS
    assert AuditEvent.objects.filter(action="answer").count() == QUESTIONS
    wins = Counter(Prompt.objects.exclude(answered_by="").values_list("answered_by", flat=True))
    assert min(wins["jane"], wins["jim"]) > 0, "one was always first: this test proves nothing"
    measured(f"{QUESTIONS} questions, 2 people", f"one winner each (jane {wins['jane']}, jim {wins['jim']}), 0 doubles")


def test_reading_before_writing_lets_both_decide(waiting: list[Job], measured: Measured) -> None:
    """The control: the usual code of a view, on the same rows."""
    winners: list[int] = []

    def decide(person: int, number: int) -> None:
        prompt = Prompt.objects.get(job=waiting[number])
        if prompt.is_open:
            prompt.answered_at, prompt.answered_by = timezone.now(), str(person)
            prompt.save()
            winners.append(number)

    race(NAIVE_QUESTIONS, decide)
    doubles = sum(count == 2 for count in Counter(winners).values())
    assert doubles > 0, "the control had no doubles: this test proves nothing"
    measured(f"naive: {NAIVE_QUESTIONS} questions", f"reading before writing let both decide {doubles} times")
