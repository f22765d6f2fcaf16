"""kill -9 of the whole worker group while jobs run: nothing lost, nothing done twice. A naive task loses work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db.models import Count, F, Max
from django.utils import timezone

from accounts.actor import Actor
from config.environment import celery_broker
from jobs import services
from jobs.models import Draft, Job, JobEvent, JobStep
from jobs.states import ACTIVE, EventKind, State
from taxonomy.services import load_default_tree
from tests.live import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.xdist_group("chaos")]

ROOT = Path(__file__).parent.parent.parent
JOBS = 50
KILLS = 5
STEPS_BETWEEN_KILLS = 25
PATIENCE_SECONDS = 180
SECONDS_OF_SILENCE = 15


@pytest.fixture
def environment(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of worker processes that share this test's database, with a Redis number that is this test's."""
    number = 15 if "naive" in request.node.name else 14
    redis_url = f"{settings.REDIS_URL.split('?')[0]}?db={number}"
    redis.Redis.from_url(redis_url).flushdb()
    return os.environ | {
        "GUILDHALL_ENV": "test",
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "GUILDHALL_WRITER": "tests.chaos.slow_writer.SlowWriter",
        "CELERY_NAIVE_BROKER": celery_broker(redis_url),
        "BEAT_SCHEDULE": str(tmp_path / "beat"),
    }


@contextmanager
def group(*command: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which is killed as a whole at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def worker(environment: dict[str, str]):
    return group(
        "celery", "-A", "config", "worker", "-Q", "recovery,jobs", "-c", "2", "-l", "WARNING", environment=environment
    )


def wait_until_jobs_end(seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not Job.objects.filter(state__in=ACTIVE).exists():
            return True
        time.sleep(0.2)
    return False


def wait_until_at_work(steps: int) -> None:
    """Until the newest worker has finished this many steps, so that the kill meets jobs in the middle."""
    before, until = JobStep.objects.count(), time.monotonic() + PATIENCE_SECONDS
    while JobStep.objects.count() < before + steps:
        assert time.monotonic() < until, "the worker does nothing"
        time.sleep(0.05)


def longest_stall(kills: list[datetime]) -> float:
    """Seconds from a kill to the take-over of what it stopped, at the worst; a new worker's start is part of them."""
    taken_over = JobEvent.objects.filter(kind=EventKind.RECOVERED).values_list("at", flat=True)
    return max((min((at - kill).total_seconds() for kill in kills if kill < at) for at in taken_over), default=0.0)


def test_fifty_jobs_survive_five_kills(environment: dict[str, str], system: Actor, jane, monkeypatch, capsys) -> None:
    load_default_tree(actor=system)
    from config.celery import app

    monkeypatch.setattr(app.conf, "broker_url", environment["CELERY_NAIVE_BROKER"])
    for number in range(JOBS):
        request = {"task_description": f"Write a skill about checking release number {number} of a web service"}
        services.start_job(actor=jane.actor, request=request)
    started = time.monotonic()
    kills: list[datetime] = []
    with group("celery", "-A", "config", "beat", "-s", environment["BEAT_SCHEDULE"], environment=environment):
        for _ in range(KILLS):
            with worker(environment):
                wait_until_at_work(STEPS_BETWEEN_KILLS)
            kills.append(timezone.now())
        assert Job.objects.filter(state__in=ACTIVE).exists(), "the jobs ended before all kills: make them longer"
        with worker(environment):
            assert wait_until_jobs_end(PATIENCE_SECONDS), dict(Job.objects.values_list("state").annotate(Count("id")))
    seconds = time.monotonic() - started

    assert Job.objects.filter(state=State.COMPLETED).count() == JOBS
    assert Draft.objects.count() == JOBS
    gaps = Job.objects.annotate(events_count=Count("events"), last=Max("events__seq")).exclude(last=F("events_count"))
    assert not gaps.exists()
    plans = Job.objects.annotate(steps_count=Count("steps")).values_list("plan", "steps_count")
    assert all(len(plan) == count for plan, count in plans), "each step is recorded once"
    assert JobEvent.objects.filter(kind=EventKind.STEP_FINISHED).count() == JobStep.objects.count()
    recovered = JobEvent.objects.filter(kind=EventKind.RECOVERED).count()
    assert recovered > 0, "no kill met a job at work"
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{JOBS} jobs, {KILLS} kills of the worker group: {JOBS} completed in {seconds:.0f} s, "
            f"{recovered} taken over, longest stall {longest_stall(kills):.1f} s (worker starts included)"
        )


def test_a_naive_task_loses_work_to_the_same_kills(environment: dict[str, str]) -> None:
    os.environ.setdefault("CELERY_NAIVE_BROKER", environment["CELERY_NAIVE_BROKER"])
    from tests.chaos.naive import app, write

    store = redis.Redis.from_url(environment["REDIS_URL"])
    app.conf.broker_url = environment["CELERY_NAIVE_BROKER"]
    for number in range(JOBS):
        write.apply_async([number])

    def naive_worker():
        return group("celery", "-A", "tests.chaos.naive", "worker", "-c", "2", "-l", "WARNING", environment=environment)

    for _ in range(KILLS):
        with naive_worker():
            before, until = store.llen("naive:done"), time.monotonic() + 15
            while store.llen("naive:done") < before + 2 and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(0.2)
    with naive_worker():
        last, since, until = store.llen("naive:done"), time.monotonic(), time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < min(since + SECONDS_OF_SILENCE, until):
            time.sleep(0.2)
            if store.llen("naive:done") != last:
                last, since = store.llen("naive:done"), time.monotonic()
    assert last, "the control did nothing at all: this test proves nothing"
    assert len(set(store.lrange("naive:done", 0, -1))) < JOBS, "the control lost nothing: this test proves nothing"
