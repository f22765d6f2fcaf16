"""/api/v1/analytics: events in, figures and advice out."""

from __future__ import annotations

from typing import Any

import pytest

from analytics.models import UsageEvent
from skills.models import Skill
from skills.services import create_skill
from taxonomy.services import save_category
from tests.api.fleet.conftest import Caller, golden, has_shape, member_of
from tests.conftest import Tenant

EVENTS = "analytics/events"


@pytest.fixture
def technical(jane: Tenant) -> None:
    """The skills of the document's examples."""
    category = save_category(actor=jane.actor, slug="technical")
    make = {"actor": jane.actor, "category": category}
    create_skill(name="fastapi", content="# F\n", dependencies=["technical/httpx"], **make)
    create_skill(name="httpx", content="# H\n", **make)


@pytest.mark.parametrize("path", ["analytics", "analytics/"])
def test_figures_have_the_shape_of_the_documents_example(caller: Caller, technical: None, path: str) -> None:
    events = [{"skill_id": "technical/fastapi", "task_id": f"t{number}"} for number in range(4)]
    events += [{"skill_id": "technical/httpx", "task_id": "t0", "success": False}]
    assert caller.post(EVENTS, events).json() == {"recorded": 5, "duplicates": 0}
    answer = caller.get(path)
    assert answer.status_code == 200
    assert has_shape(answer.json(), golden("analytics"))
    assert answer.json() == {
        "total_events": 5,
        "unique_skills_used": 2,
        "success_rate": 0.8,
        "most_used_skills": [["technical/fastapi", 4], ["technical/httpx", 1]],
        "common_combinations": [{"skills": ["technical/fastapi", "technical/httpx"], "count": 1}],
        "cold_skills": ["technical/httpx"],
    }


def test_figures_of_nothing(caller: Caller) -> None:
    body = caller.get("analytics").json()
    assert body.keys() == golden("analytics").keys()
    assert (body["total_events"], body["success_rate"], body["most_used_skills"]) == (0, 0.0, [])


def test_advice_is_the_documents_example(caller: Caller, technical: None) -> None:
    caller.post(EVENTS, {"skill_id": "technical/fastapi", "user_id": "alice"})
    answer = caller.get("analytics/recommendations/?user_id=alice")
    assert (answer.status_code, answer.json()) == (200, golden("recommendations"))


@pytest.mark.parametrize("path", ["analytics/recommendations", "analytics/recommendations?user_id="])
def test_advice_is_for_somebody(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (422, "user_id is required")
    assert answer.json()["details"][0]["type"] == "missing"


def test_an_event_counts_once(caller: Caller, technical: None) -> None:
    event = {"skill_id": "fastapi", "event_id": "e1", "success": True}
    first = caller.post(EVENTS, event)
    assert (first.status_code, first.json()) == (201, {"recorded": 1, "duplicates": 0})
    assert caller.post(EVENTS, {"events": [event, event]}).json() == {"recorded": 0, "duplicates": 2}
    skill = Skill.objects.get(slug="fastapi")
    assert (skill.usage_count, skill.success_count) == (1, 1)
    assert UsageEvent.objects.get().user_ref == "jane"


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({}, ["body", "skill_id"]),
        ({"skill_id": 5}, ["body", "skill_id"]),
        ({"skill_id": "fastapi", "success": "yes"}, ["body", "success"]),
        ({"skill_id": "fastapi", "timestamp": "yesterday"}, ["body", "timestamp"]),
        ({"skill_id": "fastapi", "user_id": "x" * 300}, ["body", "user_id"]),
        ([{"skill_id": "fastapi"}, {"skill_id": None}], ["body", "events", "1", "skill_id"]),
        ({"events": "all"}, ["body", "events"]),
        ({"events": []}, ["body", "events"]),
        ([], ["body", "events"]),
        ("used it", ["body", "events"]),
        ([5], ["body", "events", "0"]),
    ],
)
def test_events_that_cannot_be(caller: Caller, technical: None, body: Any, location: list[str]) -> None:
    answer = caller.post(EVENTS, body)
    assert (answer.status_code, answer.json()["error"]) == (422, "Validation error")
    assert answer.json()["details"][0]["loc"] == location
    assert not UsageEvent.objects.exists()


def test_events_of_unknown_skills(caller: Caller, technical: None) -> None:
    answer = caller.post(EVENTS, [{"skill_id": "fastapi"}, {"skill_id": "nope"}])
    assert (answer.status_code, answer.json()["detail"]) == (404, "Skill 'nope' not found")
    assert not UsageEvent.objects.exists()


def test_tenants_do_not_meet(caller: Caller, sam: Tenant, technical: None) -> None:
    stranger = Caller(**sam.headers)
    assert stranger.post(EVENTS, {"skill_id": "fastapi"}).status_code == 404
    caller.post(EVENTS, {"skill_id": "fastapi", "user_id": "alice"})
    assert stranger.get("analytics").json()["total_events"] == 0
    assert stranger.get("analytics/recommendations?user_id=alice").json()["recommendations"] == []


def test_users_speak_for_themselves(caller: Caller, jane: Tenant, technical: None) -> None:
    peer = member_of(jane)
    for answer in (
        peer.get("analytics?user_id=alice"),
        peer.get("analytics/recommendations?user_id=alice"),
        peer.post(EVENTS, {"skill_id": "fastapi", "user_id": "alice"}),
    ):
        assert (answer.status_code, has_shape(answer.json(), golden("error"))) == (403, True)
    assert peer.post(EVENTS, {"skill_id": "fastapi", "user_id": "peer"}).status_code == 201
    caller.post(EVENTS, {"skill_id": "httpx", "user_id": "alice"})
    assert peer.get("analytics?user_id=peer").json()["most_used_skills"] == [["technical/fastapi", 1]]
    assert caller.get("analytics?user_id=alice").json()["most_used_skills"] == [["technical/httpx", 1]]
