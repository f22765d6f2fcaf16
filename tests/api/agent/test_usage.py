"""POST /agent/api/skills/{id}/usage: the one thing that moves the counters, and Fleet's figures with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from analytics.models import UsageEvent
from skills.models import Skill
from tests.api.agent.conftest import insert_skill
from tests.conftest import Tenant

URL = "/agent/api/skills"
COUNTERS = ("usage_count", "success_count", "failure_count")


def use(client: Client, tenant: Tenant, skill: Skill, body: Any = None) -> Any:
    body = b"" if body is None else body
    return client.post(f"{URL}/{skill.pk}/usage", body, content_type="application/json", headers=tenant.headers)


def counters(client: Client, tenant: Tenant, skill: Skill) -> list[int]:
    answer = client.get(f"{URL}/{skill.pk}", headers=tenant.headers).json()
    return [answer[name] for name in COUNTERS]


@pytest.fixture
def skill(jane: Tenant) -> Skill:
    return insert_skill(client_id="42", name="A", slug="a")


def test_a_use_is_counted_and_remembered(client: Client, jane: Tenant, skill: Skill) -> None:
    answer = use(client, jane, skill, {"success": True, "session_id": "s-1"})
    assert (answer.status_code, answer.json()) == (200, {"message": "Usage recorded", "skillId": str(skill.pk)})
    use(client, jane, skill, {"success": False, "session_id": "s-1", "task_id": "t-1"})
    use(client, jane, skill, {"success": None, "session_id": None})
    assert counters(client, jane, skill) == [3, 2, 1]
    rows = UsageEvent.objects.order_by("id").values_list("user_ref", "session_ref", "task_ref", "success")
    assert list(rows) == [("jane", "s-1", "", True), ("jane", "s-1", "t-1", False), ("jane", "", "", None)]
    read = client.get(f"{URL}/{skill.pk}", headers=jane.headers).json()
    assert read["last_used_at"] is not None
    assert (read["updated_at"], read["version"]) == (read["created_at"], 1), "a use is no change of the skill"
    report = client.get("/api/v1/analytics", headers=jane.headers).json()
    assert (report["total_events"], report["most_used_skills"]) == (3, [["a", 3]])


@pytest.mark.parametrize("content_type", ["application/json", None])
def test_nothing_needs_to_be_said(client: Client, jane: Tenant, skill: Skill, content_type: str | None) -> None:
    headers = jane.headers | ({"Content-Type": content_type} if content_type else {})
    answer = client.generic("POST", f"{URL}/{skill.pk}/usage", b"", content_type or "", headers=headers)
    assert answer.status_code == 200
    assert counters(client, jane, skill) == [1, 1, 0]


def test_a_use_sent_again_counts_once(client: Client, jane: Tenant, sam: Tenant, system: Actor) -> None:
    shared = insert_skill(client_id="system", name="Shared", slug="shared")
    body = {"success": True, "event_id": "e-1"}
    assert use(client, jane, shared, body).json()["message"] == "Usage recorded"
    again = use(client, jane, shared, body)
    assert (again.status_code, again.json()["message"]) == (200, "Usage was recorded before")
    assert use(client, sam, shared, body).json()["message"] == "Usage recorded", "an id is a tenant's own"
    assert counters(client, jane, shared) == [2, 2, 0]


def test_an_id_is_the_skills_own_whatever_others_are_called(client: Client, jane: Tenant, skill: Skill) -> None:
    namesake = insert_skill(client_id="42", name=str(skill.pk), slug=str(skill.pk))
    use(client, jane, skill)
    assert (counters(client, jane, skill), counters(client, jane, namesake)) == ([1, 1, 0], [0, 0, 0])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"success": "true"}, "success must be true or false"),
        ({"success": 1}, "success must be true or false"),
        ({"session_id": 1}, "session_id must be a string"),
        ({"session_id": "x" * 256}, "session_id must be at most 255 characters"),
        ({"event_id": "x" * 256}, "event_id must be at most 255 characters"),
        ([], "body must be a JSON object"),
    ],
)
def test_wrong_values(client: Client, jane: Tenant, skill: Skill, body: Any, message: str) -> None:
    answer = use(client, jane, skill, body)
    assert (answer.status_code, answer.json()) == (400, {"error": message})
    assert counters(client, jane, skill) == [0, 0, 0]
