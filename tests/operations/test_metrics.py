"""The figures of /metrics: right, named in docs/reference/metrics.md, few in kind and cheap to ask for."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from jobs.models import Job, JobStep, Prompt, WriterCall
from jobs.services import start_job
from jobs.states import PromptKind, State
from operations import figures
from outbox.models import OutboxEvent
from skills.services import create_skill
from tests.conftest import Tenant
from tests.operations.conftest import Sees

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.django_db
Sample = tuple[str, frozenset[tuple[str, str]]]


def now() -> dict[Sample, float]:
    figures_of_database()._kept = (float("-inf"), [])
    text = Http().get("/metrics").content.decode()
    return {
        sample(one.name, **one.labels): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def sample(name: str, **labels: str) -> Sample:
    return name, frozenset(labels.items())


def figures_of_database() -> figures.Figures:
    return next(one for one in REGISTRY._collector_to_names if isinstance(one, figures.Figures))


def grown(before: dict[Sample, float]) -> dict[Sample, float]:
    return {key: value - before.get(key, 0) for key, value in now().items() if value != before.get(key, 0)}


def test_requests_are_counted_by_route_and_never_by_path(jane: Tenant) -> None:
    skill = create_skill(actor=jane.actor, name="Secret plans", content="# Plans")
    before = now()
    http = Http(headers=jane.headers)
    assert http.get(f"/api/code/v1/skills/{skill.slug}").status_code == 200
    assert http.get("/api/code/v1/skills/no-such-skill").status_code == 404
    assert http.get("/agent/api/skills").status_code == 200
    assert http.get("/api/v1/nothing/of/the/kind").status_code == 404
    assert http.generic("BREW", "/coffee").status_code in (404, 405)
    change = grown(before)
    requests = {key: value for key, value in change.items() if key[0] == "guildhall_requests_total"}
    assert requests == {
        sample("guildhall_requests_total", contract=contract, route=route, method=method, status=status): 1
        for contract, route, method, status in (
            ("code", "code:skill", "GET", "200"),
            ("code", "code:skill", "GET", "404"),
            ("agent", "agent:skills", "GET", "200"),
            ("site", "unmatched", "GET", "404"),
            ("site", "unmatched", "other", "404"),
        )
    }
    assert change[sample("guildhall_request_seconds_count", contract="code", route="code:skill", method="GET")] == 2
    assert skill.slug not in str(now())


def test_searches_and_those_that_find_nothing(jane: Tenant) -> None:
    create_skill(actor=jane.actor, name="Prune apple trees", content="# Prune\n\nIn winter.", embed=True)
    before = now()
    http = Http(headers=jane.headers)
    for query in ("prune apple trees", "zzzqqq xxyyzz"):
        assert http.post("/agent/api/skills/search", {"query": query}, "application/json").status_code == 200
    change = grown(before)
    assert change[sample("guildhall_searches_total", found="yes")] == 1
    assert change[sample("guildhall_searches_total", found="no")] == 1
    assert change[sample("guildhall_search_seconds_count")] == 2


def test_jobs_by_state_and_how_long_the_oldest_waits(jane: Tenant) -> None:
    jobs = [
        start_job(actor=jane.actor, request={"task_description": f"Write a skill about number {number}"})
        for number in range(4)
    ]
    ended = datetime.now(UTC)
    Job.objects.filter(pk=jobs[0].pk).update(available_at=ended - timedelta(seconds=90))
    Job.objects.filter(pk=jobs[2].pk).update(state=State.FAILED, finished_at=ended)
    Job.objects.filter(pk=jobs[3].pk).update(state=State.FAILED, finished_at=ended - timedelta(days=2))
    told = now()
    kind = {"type": "skill_creation"}
    assert told[sample("guildhall_jobs", **kind, state="pending")] == 2
    assert told[sample("guildhall_jobs", **kind, state="pending_hitl")] == 0
    assert told[sample("guildhall_jobs_finished_total", **kind, state="failed")] == 1, "today's alone"
    assert 90 <= told[sample("guildhall_job_queue_age_seconds")] < 150


def test_a_job_that_waits_for_people(jane: Tenant) -> None:
    job = start_job(actor=jane.actor, request={"task_description": "Write a skill about asking before acting"})
    Job.objects.filter(pk=job.pk).update(state=State.PENDING_HITL)
    Prompt.objects.create(job=job, client_id="42", kind=PromptKind.CONFIRM, deadline_at=datetime.now(UTC))
    told = now()
    assert told[sample("guildhall_jobs", type="skill_creation", state="pending_hitl")] == 1
    assert told[sample("guildhall_jobs", type="skill_creation", state="pending")] == 0


def test_steps_and_writers_of_today(jane: Tenant) -> None:
    job = start_job(actor=jane.actor, request={"task_description": "Write a skill about counting things"})
    for round, milliseconds in ((1, 40), (2, 2_000)):
        JobStep.objects.create(job=job, name="plan", round=round, duration_ms=milliseconds)
    old = JobStep.objects.create(job=job, name="plan", round=3, duration_ms=50)
    JobStep.objects.filter(pk=old.pk).update(created_at=datetime.now(UTC) - timedelta(days=1, minutes=1))
    common = {"client_id": "42", "job": job, "step": "plan", "purpose": "plan", "writer": "model", "model": "m-1"}
    WriterCall.objects.create(**common, input_tokens=100, output_tokens=30, cost=Decimal("0.25"))
    WriterCall.objects.create(**common, input_tokens=10, output_tokens=0, outcome="model_timeout")
    told = now()
    bucket = "guildhall_job_step_seconds_bucket"
    steps = [told[sample(bucket, step="plan", le=edge)] for edge in ("0.01", "0.05", "1.0", "5.0", "+Inf")]
    assert steps == [0, 1, 1, 2, 2]
    assert told[sample("guildhall_job_step_seconds_sum", step="plan")] == pytest.approx(2.04)
    who = {"writer": "model", "model": "m-1"}
    assert told[sample("guildhall_writer_calls_total", **who, outcome="ok")] == 1
    assert told[sample("guildhall_writer_calls_total", **who, outcome="model_timeout")] == 1
    assert told[sample("guildhall_writer_tokens_total", **who, direction="input")] == 110
    assert told[sample("guildhall_writer_tokens_total", **who, direction="output")] == 30
    assert told[sample("guildhall_writer_cost_total", **who)] == 0.25


def test_events_vectors_and_signs_of_life(jane: Tenant, seen: Sees) -> None:
    seen(worker=0, relay=45)
    event = OutboxEvent.objects.create(topic="t", key="k", payload={})
    OutboxEvent.objects.filter(pk=event.pk).update(created_at=datetime.now(UTC) - timedelta(seconds=60))
    OutboxEvent.objects.create(topic="t", key="k", payload={}, set_aside_at=datetime.now(UTC))
    create_skill(actor=jane.actor, name="Unseen", content="# Unseen", embed=False)
    told = now()
    assert told[sample("guildhall_outbox_waiting")] == 1
    assert 60 <= told[sample("guildhall_outbox_age_seconds")] < 120
    assert told[sample("guildhall_outbox_set_aside")] == 1
    assert told[sample("guildhall_skills_without_vector")] == 1
    assert 45 <= told[sample("guildhall_last_seen_seconds", process="relay")] < 105
    assert told[sample("guildhall_database_up")] == 1
    assert ("version", "0.1.0") in next(labels for name, labels in told if name == "guildhall_build_info")


def test_without_a_database_that_is_told(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "no-such-database")
    try:
        told = now()
    finally:
        connection.close()
    assert told[sample("guildhall_database_up")] == 0
    assert sample("guildhall_outbox_waiting") not in told
    assert sample("guildhall_stream_viewers") in told


def test_a_scrape_asks_a_bounded_number_of_queries_and_a_hasty_one_none(jane: Tenant) -> None:
    counts = []
    for many in (1, 12):
        for number in range(many):
            start_job(actor=jane.actor, request={"task_description": f"Write a skill about {many} and {number}"})
        with CaptureQueriesContext(connection) as captured:
            now()
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
    with CaptureQueriesContext(connection) as captured:
        for _ in range(5):
            Http().get("/metrics")
    assert not len(captured)


def test_scrapes_at_once_are_one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = []
    monkeypatch.setattr(figures, "read", lambda: rounds.append(1) or iter(()))
    collector, barrier = figures.Figures(), threading.Barrier(8)

    def scrape() -> None:
        barrier.wait()
        list(collector.collect())

    threads = [threading.Thread(target=scrape) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rounds) == 1


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        (lambda: Job.objects.filter(finished_at__gte=figures._today()), ["job_finished"]),
        (lambda: JobStep.objects.filter(created_at__gte=figures._today()).order_by(), ["job_step_day"]),
        (
            lambda: WriterCall.objects.filter(created_at__gte=figures._today()).order_by(),
            ["writer_call_day", "writer_call_month"],
        ),
        (lambda: Job.objects.filter(state__in=("pending", "running")).order_by(), ["job_due"]),
        (lambda: OutboxEvent.objects.waiting().order_by(), ["outbox_pending"]),
    ],
    ids=["finished", "steps", "calls", "working", "waiting"],
)
def test_each_query_has_its_index(query, indexes: list[str]) -> None:
    """PostgreSQL 18 can skip over the tenants of writer_call_month; older ones cannot."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = query().explain()
    assert any(index in plan for index in indexes), plan


def test_the_document_names_every_figure_and_no_other() -> None:
    page = (ROOT / "docs" / "reference" / "metrics.md").read_text()
    documented = set(re.findall(r"^\| `(guildhall_\w+)`", page, re.MULTILINE))
    assert documented == {family.name for family in REGISTRY.collect() if family.name.startswith("guildhall_")}
