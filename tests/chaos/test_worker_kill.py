"""T1. kill -9 of the worker group while jobs run: nothing is lost, nothing done twice. A naive task loses work."""

from __future__ import annotations

import random
import time
from datetime import datetime

import pytest
import redis
from django.utils import timezone

from accounts.actor import Actor
from jobs.models import JobEvent
from jobs.states import EventKind
from taxonomy.services import load_default_tree
from tests.chaos.house import House, wait_until
from tests.chaos.plan import FULL, Measured, trials
from tests.chaos.work import (
    all_ended,
    assert_all_done_once,
    most_crashes,
    people,
    recovered,
    start_jobs,
    wait_for_steps,
    wait_until_all_ended,
)
from tests.conftest import Tenant

pytestmark = [pytest.mark.plan("T1"), pytest.mark.slow, pytest.mark.xdist_group("processes")]

JOBS, KILLS = trials(24, full=200), trials(2, full=8)
NAIVE_JOBS, NAIVE_KILLS = trials(12, full=100), trials(1, full=9)
LIMIT_SECONDS = 120
SILENCE_SECONDS = trials(5, full=8)


def longest_stall(kills: list[datetime]) -> float:
    """Seconds from a kill to the take-over of what it stopped, at the worst; a new worker's start is part of them."""
    taken_over = JobEvent.objects.filter(kind=EventKind.RECOVERED).values_list("at", flat=True)
    return max((min((at - kill).total_seconds() for kill in kills if kill < at) for at in taken_over), default=0.0)


def test_jobs_survive_the_kills_of_their_workers(house: House, system: Actor, jane: Tenant, measured: Measured) -> None:
    load_default_tree(actor=system)
    start_jobs(jane.actor, JOBS)
    dice, kills = random.Random(8), []
    began = time.monotonic()
    with house.beat(), people(jane.actor):
        for _ in range(KILLS):
            with house.worker():
                wait_for_steps(dice.randrange(15, 45) * JOBS // 40)
            kills.append(timezone.now())
        assert not all_ended(), "the jobs ended before all kills: this test proves nothing"
        with house.worker():
            wait_until_all_ended()
    seconds = time.monotonic() - began
    assert_all_done_once(JOBS)
    assert recovered() > 0, "no kill met a job at work: this test proves nothing"
    assert most_crashes() <= 5
    measured(
        f"{JOBS} jobs, {KILLS} kills",
        f"{JOBS} done once in {seconds:.0f} s, {recovered()} taken over, at most {most_crashes()} crashes, "
        f"longest stall {longest_stall(kills):.1f} s",
    )
    assert seconds < LIMIT_SECONDS or not FULL


def test_a_naive_task_loses_work_to_the_same_kills(
    house: House, monkeypatch: pytest.MonkeyPatch, measured: Measured
) -> None:
    monkeypatch.setenv("CELERY_NAIVE_BROKER", house.broker_url)
    from tests.chaos.naive import DONE, app, write

    store = redis.Redis.from_url(house.redis_url)
    monkeypatch.setattr(app.conf, "broker_url", house.broker_url)
    app._after_fork()
    for number in range(NAIVE_JOBS):
        write.apply_async([number])

    def naive_worker():
        broker = {"CELERY_NAIVE_BROKER": house.broker_url}
        return house.running("naive", "celery", "-A", "tests.chaos.naive", "worker", "-c", "2", **broker)

    for _ in range(NAIVE_KILLS):
        with naive_worker():
            before = store.llen(DONE)
            wait_until(lambda before=before: store.llen(DONE) >= before + 2, "the control works")
            time.sleep(0.1)
    with naive_worker():
        last, since = store.llen(DONE), time.monotonic()
        while time.monotonic() < since + SILENCE_SECONDS:
            time.sleep(0.2)
            if store.llen(DONE) != last:
                last, since = store.llen(DONE), time.monotonic()
    done = len(set(store.lrange(DONE, 0, -1)))
    assert 0 < done < NAIVE_JOBS, "the control lost nothing, or did nothing: this test proves nothing"
    measured(f"naive: {NAIVE_JOBS} jobs, {NAIVE_KILLS} kills", f"the naive task lost {NAIVE_JOBS - done}")
