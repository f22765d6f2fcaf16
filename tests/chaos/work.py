"""Jobs for the processes of a house to do, people who answer their questions, and what must be true in the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.models import Count, F, Max

from accounts.actor import Actor
from core.errors import DomainError
from jobs import services
from jobs.models import Draft, Job, JobEvent, JobStep, Prompt
from jobs.states import ACTIVE, Action, EventKind, State
from tests.chaos.house import wait_until
from tests.chaos.plan import trials


def request_of(number: int) -> dict[str, object]:
    """A job that asks people once before it writes."""
    task = f"Write a skill about checking release number {number} of a web service"
    return {"task_description": task, "confirm": True}


def start_jobs(actor: Actor, count: int) -> None:
    for number in range(count):
        services.start_job(actor=actor, request=request_of(number))


@contextmanager
def people(actor: Actor) -> Iterator[None]:
    """Answer every question with yes, as it comes, until the block ends."""
    done, problems = threading.Event(), []

    def answer() -> None:
        try:
            while not done.wait(0.1):
                for job_id in list(Prompt.objects.open().values_list("job_id", flat=True)):
                    services.answer_prompt(actor=actor, job_id=job_id, action=Action.PROCEED)
        except DomainError as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    assert not problems, problems


def steps_done() -> int:
    return JobStep.objects.count()


def wait_for_steps(count: int, seconds: float = 90) -> None:
    """Until so many more steps are done, so that what follows meets jobs at work."""
    goal = steps_done() + count
    wait_until(lambda: steps_done() >= goal or all_ended(), f"{count} more steps done", seconds)


def all_ended() -> bool:
    return not Job.objects.filter(state__in=ACTIVE).exists()


def wait_until_all_ended(seconds: float = trials(180, full=420)) -> None:
    until = time.monotonic() + seconds
    while not all_ended():
        assert time.monotonic() < until, f"{states()} after {seconds:g} s; first: {first_active()}"
        time.sleep(0.1)


def states() -> dict[str, int]:
    return dict(Job.objects.order_by().values_list("state").annotate(Count("id")))


def first_active() -> object:
    fields = ("state", "message", "error", "fence", "crashes", "retries", "available_at", "lease_until")
    return Job.objects.filter(state__in=ACTIVE).values(*fields, "claimed_at", "dispatched_at").first()


def recovered() -> int:
    return JobEvent.objects.filter(kind=EventKind.RECOVERED).count()


def most_crashes() -> int:
    crashes = JobEvent.objects.filter(kind=EventKind.RECOVERED).values_list("data__crashes", flat=True)
    return max(crashes, default=0)


def assert_all_done_once(count: int) -> None:
    """Every job is completed with one draft, its steps are recorded once, and its events are numbered without a gap."""
    assert states() == {State.COMPLETED: count}
    assert Draft.objects.count() == count
    gaps = Job.objects.annotate(known=Count("events"), last=Max("events__seq")).exclude(last=F("known"))
    assert not gaps.exists()
    plans = Job.objects.annotate(done=Count("steps")).values_list("plan", "done")
    assert all(len(plan) == done for plan, done in plans), "each step is recorded once"
    assert JobEvent.objects.filter(kind=EventKind.STEP_FINISHED).count() == steps_done()
