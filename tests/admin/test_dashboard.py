"""The first page: what waits, the longest first; figures of one's own tenant; who is alive; few queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from core import heartbeat
from jobs.models import Prompt
from jobs.states import State
from outbox.models import OutboxEvent
from skills.models import SearchQuery
from tests.admin.conftest import World


@pytest.fixture(autouse=True)
def _nobody_was_here(settings: Settings) -> None:
    """A cache of this process alone: in Redis other processes of the tests, and what they start, show signs of life."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "signs"}}
    cache.clear()
    heartbeat._beaten.__dict__.clear()


def test_what_waits_longest_comes_first_and_other_tenants_work_is_not_shown(world: World, manager: Browser) -> None:
    for name, minutes in (("young", 5), ("oldest", 90)):
        prompt = world.prompt(text=f"request-{name}")
        Prompt.objects.filter(pk=prompt.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    world.prompt(client_id="99", text="request-foreign")
    world.job("99", state=State.FAILED, finished_at=timezone.now(), error_code="foreign_failure")
    SearchQuery.objects.create(client_id="99", query="foreign query", hits=0)
    page = manager.get("/admin/")
    body = page.content.decode()
    assert body.index("request-oldest") < body.index("request-young")
    assert "foreign" not in body
    assert page.context["waiting_count"] == 2


def test_failures_and_poor_searches_are_told(world: World, manager: Browser) -> None:
    for error in ("first", "second"):
        world.job(state=State.FAILED, finished_at=timezone.now(), error_code="hitl_timeout", error=f"{error} error")
    world.job(state=State.FAILED, finished_at=timezone.now() - timedelta(days=30), error_code="long_ago", error="old")
    common = {"client_id": "42", "times": 3}
    SearchQuery.objects.create(query="finds nothing", hits=0, **common)
    SearchQuery.objects.create(query="finds a little", hits=2, top_similarity=0.35, **common)
    SearchQuery.objects.create(query="finds it all", hits=5, top_similarity=0.9, **common)
    page = manager.get("/admin/")
    assert [(one.code, one.times) for one in page.context["failures"]] == [("hitl_timeout", 2)]
    assert page.context["search"].by_band == [3, 3, 0, 0, 3]
    assert {query for query, _, _ in page.context["search"].poor} == {"finds nothing", "finds a little"}
    assert "<strong>67%</strong> of 9 searches" in page.content.decode()


def test_the_chart_counts_jobs_by_day_and_state(world: World, manager: Browser) -> None:
    world.job(state=State.RUNNING)
    for back in (0, 0, 1, 20):
        world.job(state=State.COMPLETED, finished_at=timezone.now(), created_at=timezone.now() - timedelta(days=back))
    chart = manager.get("/admin/").context["charts"][0]
    assert chart.columns == ["", "Running", "Completed"]
    assert [row[1:] for row in chart.rows[-2:]] == [[0, 1], [1, 2]]
    assert sum(sum(row[1:]) for row in chart.rows) == 4


def test_who_is_alive_and_who_is_not(world: World, operator: Browser) -> None:
    heartbeat.beat("worker")
    heartbeat.beat("embedder", trouble="no model")
    OutboxEvent.objects.create(topic="t", key="k", payload={})
    parts = {part.name: part for part in operator.get("/admin/").context["health"]}
    assert (parts["Worker"].word, parts["Embedder"].word) == ("alive", "in trouble")
    assert parts["Embedder"].detail == "no model"
    assert parts["Kafka"].word == "off"
    assert parts["Kafka"].detail.startswith("1 events wait")


def test_the_figures_lead_to_what_they_count(world: World, manager: Browser) -> None:
    world.prompt(text="request-waiting")
    for state in (State.PENDING, State.RUNNING):
        world.job(text=f"request-{state}", state=state)
    world.job(text="request-done", state=State.COMPLETED, finished_at=timezone.now())
    page = manager.get("/admin/")
    assert page.context["running_count"] == 2
    link = re.search(r'href="(/admin/jobs/job/[?][^"]+)"', page.content.decode())
    assert link
    jobs = manager.get(link[1]).content.decode()
    assert set(re.findall(r"request-\w+", jobs)) == {"request-pending", "request-running"}


def test_skills_without_a_vector_are_counted(world: World, manager: Browser) -> None:
    world.skill()
    parts = {part.name: part for part in manager.get("/admin/").context["health"]}
    assert parts["Search index"].word == "behind"
    assert parts["Beat"].word == "not seen"
    assert parts["Worker"].word == "unknown", "nobody rings it"
    assert "Kafka" not in parts


def test_the_page_asks_a_bounded_number_of_queries(world: World, operator: Browser) -> None:
    counts = []
    for rows in (1, 15):
        for number in range(rows):
            world.prompt(text=f"{rows}-{number}")
            world.job(state=State.FAILED, finished_at=timezone.now(), error_code=f"e{number}")
        with CaptureQueriesContext(connection) as captured:
            assert operator.get("/admin/").status_code == 200
        counts.append(len(captured))
    assert counts[1] <= counts[0] <= 24
