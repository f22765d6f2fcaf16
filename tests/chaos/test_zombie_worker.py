"""T3. A worker is stopped past its lease and comes back: others have done its jobs, and it writes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from uuid import UUID

import pytest
from django.db.models.functions import Now

from accounts.actor import Actor
from jobs.models import Job
from jobs.states import State
from taxonomy.services import load_default_tree
from tests.chaos.house import House, wait_until
from tests.chaos.plan import Measured, trials
from tests.chaos.work import (
    assert_all_done_once,
    people,
    recovered,
    start_jobs,
    steps_done,
    wait_for_steps,
    wait_until_all_ended,
)
from tests.conftest import Tenant

pytestmark = [pytest.mark.plan("T3"), pytest.mark.slow, pytest.mark.xdist_group("processes")]

JOBS, STOPS = trials(8, full=60), trials(1, full=6)
LEASE_SECONDS = 2
JOBS_A_WORKER = 2
OVERTAKEN = "another worker has taken over"


def held() -> set[UUID]:
    """The jobs that run and whose lease is good."""
    return set(Job.objects.filter(state=State.RUNNING, lease_until__gt=Now()).values_list("pk", flat=True))


def stop_past_the_lease(worker: subprocess.Popen[bytes]) -> bool:
    """Stops the worker and its pool, wherever they are, and lets them go on. Returns whether a job was taken over."""
    before = recovered()
    os.killpg(worker.pid, signal.SIGSTOP)
    try:
        time.sleep(LEASE_SECONDS + 1)
        wait_until(lambda: recovered() > before or not held(), "somebody takes over", 15)
    finally:
        os.killpg(worker.pid, signal.SIGCONT)
    return recovered() > before


def test_a_worker_that_was_stopped_past_its_lease(
    house: House, system: Actor, jane: Tenant, measured: Measured
) -> None:
    """Two workers take turns in being stopped; each time the other one takes over what the stopped one held."""
    load_default_tree(actor=system)
    start_jobs(jane.actor, JOBS)
    told = {"JOB_LEASE_SECONDS": str(LEASE_SECONDS), "SLOW_WRITER_SECONDS": "0.3"}
    with house.beat(), people(jane.actor), house.worker("one", **told) as one, house.worker("two", **told) as two:
        wait_for_steps(JOBS // 4)
        for turn in range(STOPS):
            wait_until(lambda: len(held()) > JOBS_A_WORKER, "both workers are at work")
            stop_past_the_lease((one, two)[turn % 2])
        wait_until_all_ended()
    assert_all_done_once(JOBS)
    lost = sum((house.logs / f"{name}.log").read_text().count(OVERTAKEN) for name in ("one", "two"))
    assert recovered() >= lost > 0, "no stop met a worker with a job: this test proves nothing"
    measured(
        f"{JOBS} jobs, {STOPS} stops past the lease",
        f"{JOBS} done once, {steps_done()} steps, {recovered()} taken over, {lost} times who came back wrote nothing",
    )
