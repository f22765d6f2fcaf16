"""The figures of 200 events: counted by hand, counted again in plain Python, and kept apart by tenant and user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from accounts.actor import Actor
from analytics.reports import usage_report
from analytics.services import record_usage
from skills.services import create_skill, update_skill
from taxonomy.services import save_category
from tests.analytics.conftest import TOOLS, event, make_skill, two_hundred_events
from tests.conftest import Tenant

F, H, P, D = "technical/fastapi", "technical/httpx", "technical/pytest", "data/pandas"
UNUSED = ["cobol-migration", "data/polars", "technical/uvicorn"]


def test_the_figures_of_the_tenant(usage: None) -> None:
    report = usage_report(client_id="42")
    assert (report.total_events, report.unique_skills_used, report.success_rate) == (200, 18, 0.92)
    assert report.most_used == [
        (F, 46), (H, 43), (D, 24), (P, 20), ("notes", 16), ("tool-01", 7),
        ("tool-11", 4), ("tool-10", 4), ("tool-09", 4), ("tool-08", 4),
    ]  # fmt: skip
    assert report.common_combinations == [
        ([F, H], 30), ([D, "notes"], 15), ([F, H, P], 12), (["rare", "tool-01"], 3),
    ]  # fmt: skip
    assert report.cold_skills == ["cobol-migration", "data/polars", "review", "technical/uvicorn"]


def test_the_figures_of_one_user(usage: None) -> None:
    report = usage_report(client_id="42", user_ref="ann")
    assert (report.total_events, report.unique_skills_used, report.success_rate) == (85, 4, 80 / 85)
    assert report.most_used == [(F, 32), (H, 32), (P, 12), (D, 9)]
    assert report.common_combinations == [([F, H], 20), ([F, H, P], 12)]
    assert report.cold_skills == sorted([*UNUSED, "notes", "rare", "review", *TOOLS])
    dee = usage_report(client_id="42", user_ref="dee")
    assert (dee.most_used, dee.common_combinations) == ([(F, 4), ("review", 1), ("notes", 1), (H, 1)], [])
    assert {"review", "notes", H} < set(dee.cold_skills)
    assert F not in dee.cold_skills


@pytest.mark.parametrize("user", [None, "ann", "bob", "cai", "dee"])
def test_the_database_counts_as_plain_python_does(usage: None, user: str | None) -> None:
    """The rules of the original's engine, applied to the events as they were sent."""
    events = [one for one in two_hundred_events() if user in (None, one["user_id"])]
    uses = Counter(one["skill_id"] for one in events)
    tasks: dict[str, set[str]] = {}
    for one in events:
        if one["task_id"]:
            tasks.setdefault(one["task_id"], set()).add(one["skill_id"])
    combinations = Counter(tuple(sorted(skills)) for skills in tasks.values() if len(skills) > 1)
    everything = {F, H, P, D, *UNUSED, "notes", "rare", "review", *TOOLS}

    report = usage_report(client_id="42", user_ref=user)
    assert report.total_events == len(events)
    assert report.unique_skills_used == len(uses)
    assert report.success_rate == sum(one["success"] is not False for one in events) / len(events)
    assert report.most_used == uses.most_common(10)
    assert report.common_combinations == [(list(skills), n) for skills, n in combinations.most_common(5)]
    assert report.cold_skills == sorted(skill for skill in everything if uses[skill] <= 1)


def test_tenants_do_not_see_each_others_events(usage: None) -> None:
    report = usage_report(client_id="99")
    assert (report.total_events, report.unique_skills_used, report.success_rate) == (10, 3, 0.0)
    assert report.most_used == [("review", 6), ("fastapi", 2), ("secret", 2)]
    assert report.common_combinations == [(["fastapi", "review", "secret"], 1)]
    assert report.cold_skills == []


def test_without_events_all_is_cold(registry: None) -> None:
    report = usage_report(client_id="42", user_ref="nobody")
    assert (report.total_events, report.unique_skills_used, report.success_rate) == (0, 0, 0.0)
    assert (report.most_used, report.common_combinations) == ([], [])
    assert report.cold_skills == sorted([F, H, P, D, *UNUSED, "notes", "rare", "review", *TOOLS])


def test_a_skill_is_what_its_slug_names(usage: None, jane: Tenant, system: Actor) -> None:
    """New integer versions, moves and an own skill in a shared one's place: one skill, at its present address."""
    create_skill(actor=jane.actor, name="notes", content="# Second\n", embed=False)
    own = make_skill(jane.actor, "review")
    update_skill(actor=jane.actor, skill=own, category=save_category(actor=jane.actor, slug="moved"), embed=False)
    record_usage(actor=jane.actor, events=[event("notes", "eve", "x"), event("review", "eve", "x")])
    report = usage_report(client_id="42")
    assert report.unique_skills_used == 18
    assert ("notes", 17) in report.most_used
    assert (["moved/review", "notes"], 1) in report.common_combinations
    assert report.cold_skills == UNUSED


def test_a_report_takes_five_queries(usage: None, django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(5):
        usage_report(client_id="42")
