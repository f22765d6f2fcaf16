"""T10. A new release comes while jobs are under way: each goes on by the plan it was made with."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actor import Actor
from jobs import runner, services
from jobs.models import Job, JobStep
from jobs.states import State
from jobs.steps import STEPS, plan_for
from taxonomy.services import load_default_tree
from tests.chaos.house import House
from tests.chaos.plan import Measured, trials
from tests.chaos.previous_release import NEWEST_STEP
from tests.chaos.work import (
    all_ended,
    assert_all_done_once,
    people,
    start_jobs,
    steps_done,
    wait_until,
    wait_until_all_ended,
)
from tests.conftest import Tenant

pytestmark = [
    pytest.mark.plan("T10"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.xdist_group("processes"),
]

JOBS, NEW_JOBS = trials(12, full=80), trials(4, full=20)
STOP_SECONDS = 45
# How a worker must be told, or it would finish whole jobs first (docs/adr/0002-durable-jobs.md).
STOPS_SOON = {"REMAP_SIGTERM": "SIGQUIT", "SLOW_WRITER_SECONDS": "0.2"}
SAVED = Path(__file__).parent / "golden" / "plan_of_0.1.0.json"


def migrate(statement: str) -> None:
    """A migration as a release brings it before its processes: it only adds."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_new_release_takes_over_what_the_old_one_began(
    house: House, system: Actor, jane: Tenant, monkeypatch: pytest.MonkeyPatch, measured: Measured
) -> None:
    """The old worker also meets jobs of the new plan, whose newest step it does not know."""
    load_default_tree(actor=system)
    with monkeypatch.context() as before:
        before.setattr(services, "plan_for", lambda *about: [name for name in plan_for(*about) if name != NEWEST_STEP])
        start_jobs(jane.actor, JOBS)
    try:
        with house.beat(), people(jane.actor):
            with house.worker("old", app="tests.chaos.previous_release", **STOPS_SOON) as old:
                steps = sum(len(job.plan) for job in Job.objects.all())
                wait_until(lambda: steps_done() > steps * 0.3, "30 % of the steps", 120)
                migrate("ALTER TABLE job ADD COLUMN of_the_new_release text")
                start_jobs(jane.actor, NEW_JOBS)
                time.sleep(2)
                old.send_signal(signal.SIGTERM)
                asked = time.monotonic()
                old.wait(STOP_SECONDS)
                stopped = time.monotonic() - asked
            checkpointed = dict(JobStep.objects.values_list("pk", "created_at"))
            assert not all_ended(), "the old release did it all: this test proves nothing"
            with house.worker("new"):
                wait_until_all_ended()
    finally:
        migrate("ALTER TABLE job DROP COLUMN IF EXISTS of_the_new_release")
    assert_all_done_once(JOBS + NEW_JOBS)
    assert checkpointed.items() <= dict(JobStep.objects.values_list("pk", "created_at")).items()
    assert JobStep.objects.filter(name=NEWEST_STEP).count() == NEW_JOBS
    measured(
        f"{JOBS} jobs of the old plan, {NEW_JOBS} of the new, with a migration",
        f"all done once, {len(checkpointed)} checkpoints kept, the old worker stopped in {stopped:.1f} s",
    )


def test_saved_rows_of_a_released_plan_run_to_the_end(system: Actor, jane: Tenant, measured: Measured) -> None:
    """From each of its checkpoints. The rows are those of the release; what it wrote stays as it is."""
    load_default_tree(actor=system)
    saved = json.loads(SAVED.read_text())
    for position in range(len(saved["plan"]) + 1):
        job = Job.objects.create(
            client=jane.client, owner="jane", request=saved["request"], plan=saved["plan"], position=position, fence=1
        )
        kept = [JobStep(job=job, **step) for step in saved["steps"][:position]]
        JobStep.objects.bulk_create(kept)
        runner.run_job(job.pk)
        job.refresh_from_db()
        assert job.state == State.COMPLETED, (position, job.error)
        after = job.steps.order_by("id").values_list("name", "output")
        assert list(after[:position]) == [(step["name"], step["output"]) for step in saved["steps"][:position]]
        assert [name for name, _ in after] == saved["plan"]
    measured(f"{len(saved['plan']) + 1} checkpoints of a saved plan", "each ran to the end")


def test_a_step_that_no_release_knows_ends_the_job(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left to others five times and then fails; before, it was taken over again and again for ever."""
    job = Job.objects.create(
        client=jane.client, owner="jane", request={"task_description": "x" * 20}, plan=["from-the-future"]
    )
    assert "from-the-future" not in STEPS
    for _ in range(runner.MAX_RETRIES + 1):
        Job.objects.filter(pk=job.pk).update(available_at=timezone.now())
        assert runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "retries_exhausted")
    assert "from-the-future" in job.error
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, finished_at=None, crashes=99, lease_until=None)
    runner.run_job(job.pk)
    assert Job.objects.get(pk=job.pk).error_code == "crashed_too_often"
