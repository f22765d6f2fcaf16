"""Tenant 42 with 200 events of four users, laid out so that every figure can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actor import Actor
from analytics.services import record_usage
from skills.models import Skill
from skills.services import create_skill
from taxonomy.models import Category
from taxonomy.services import save_category
from tests.conftest import Tenant

TOOLS = [f"tool-{number:02}" for number in range(1, 12)]


def make_skill(actor: Actor, slug: str, category: Category | None = None, **fields: Any) -> Skill:
    return create_skill(
        actor=actor, name=slug, slug=slug, content=f"# {slug}\n", category=category, embed=False, **fields
    )


def event(skill: str, user: str, task: str | None = None, success: bool | None = None) -> dict[str, Any]:
    return {"skill_id": skill, "user_id": user, "task_id": task, "success": success}


def two_hundred_events() -> list[dict[str, Any]]:
    f, h, p, d = "technical/fastapi", "technical/httpx", "technical/pytest", "data/pandas"
    events = []
    for number in range(20):  # ann, 40 events: 5 failures
        events += [event(f, "ann", f"a{number}", True), event(h, "ann", f"a{number}", number >= 5)]
    for number in range(12):  # ann, 36 events; all members of a task count, however often and in whatever order
        events += [event(skill, "ann", f"b{number}") for skill in (p, h, f)]
    events += [event(d, "ann") for _ in range(9)]
    for number in range(15):  # bob, 30 events
        events += [event(d, "bob", f"c{number}", True), event("notes", "bob", f"c{number}")]
    for number in range(10):  # bob, 20 events: 10 failures
        events += [event(h, "bob", f"d{number}"), event(f, "bob", f"d{number}", False)]
    events += [event(p, "bob", f"e{number}") for number in range(8)]
    for _ in range(4):  # cai, 44 events, the last tool first
        events += [event(tool, "cai") for tool in reversed(TOOLS)]
    for number in range(3):  # cai, 6 events
        events += [event("tool-01", "cai", f"f{number}"), event("rare", "cai", f"f{number}")]
    # dee, 7 events: 1 failure
    return [
        *events,
        event("review", "dee", None, False),
        *[event(f, "dee")] * 4,
        event("notes", "dee"),
        event(h, "dee"),
    ]


@pytest.fixture
def registry(jane: Tenant, sam: Tenant, system: Actor) -> None:
    technical, data = (save_category(actor=jane.actor, slug=slug) for slug in ("technical", "data"))
    make_skill(jane.actor, "fastapi", technical, dependencies=["technical/httpx", "uvicorn", "not/there"])
    make_skill(jane.actor, "httpx", technical)
    make_skill(jane.actor, "pytest", technical, dependencies=["technical/uvicorn", "cobol-migration", "retired"])
    make_skill(jane.actor, "uvicorn", technical)
    make_skill(jane.actor, "pandas", data, dependencies=["polars"])
    make_skill(jane.actor, "polars", data)
    for slug in ("notes", "rare", "cobol-migration", *TOOLS):
        make_skill(jane.actor, slug)
    make_skill(jane.actor, "retired", status="deprecated")
    make_skill(system, "review")
    make_skill(sam.actor, "fastapi")
    make_skill(sam.actor, "secret")


@pytest.fixture
def usage(registry: None, jane: Tenant, sam: Tenant) -> None:
    """The 200 events of tenant 42, and ten of tenant 99, of users and tasks with the same names."""
    assert record_usage(actor=jane.actor, events=two_hundred_events()) == (200, 0)
    stranger = [event(skill, "ann", "a1", False) for skill in ("fastapi", "secret", "review", "review", "review")]
    assert record_usage(actor=sam.actor, events=stranger * 2) == (10, 0)
