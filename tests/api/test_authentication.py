"""Who may call Fleet, and as whom."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from jobs.models import Job
from tests.conftest import Tenant

URL = "/api/v1/skills"
BODY = {"task_description": "Create a Python async/await programming skill"}
ENDPOINTS = [
    ("post", "skills"),
    ("get", "skills/x"),
    ("put", "skills/x"),
    ("post", "skills/x/validate"),
    ("post", "skills/validate"),
    ("get", "jobs/x"),
    ("post", "jobs/x/cancel"),
    ("get", "hitl/x/prompt"),
    ("post", "hitl/x/response"),
    ("get", "hitl/config"),
    ("post", "drafts/x/promote"),
    ("get", "taxonomy/xml"),
]


def create(client: Client, body: Any = None, **headers: str) -> Any:
    return client.post(URL, json.dumps(BODY | (body or {})), content_type="application/json", headers=headers)


def owner() -> tuple[str, str]:
    return Job.objects.values_list("client_id", "owner").get()


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_everything_needs_credentials(client: Client, jane: Tenant, method: str, path: str) -> None:
    for headers in ({}, {"X-User-Id": "jane"}, {"Authorization": "Bearer kam_wrong"}):
        answer = getattr(client, method)(f"/api/v1/{path}", headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert {"detail", "error", "request_id"} == set(answer.json())


def test_the_key_says_who_it_is_and_nothing_else_does(client: Client, jane: Tenant, sam: Tenant) -> None:
    answer = create(client, {"user_id": "sam", "client_id": "99"}, **jane.headers, **{"X-User-Id": "sam"})
    assert answer.status_code == 200
    assert owner() == ("42", "jane")


@pytest.mark.usefixtures("development", "jane")
@pytest.mark.parametrize(
    ("body", "headers", "username"),
    [
        ({}, {}, "default"),
        ({"user_id": "user_123"}, {}, "user_123"),
        ({"user_id": "user_123"}, {"X-User-Id": "alice@example.com"}, "alice@example.com"),
        ({"user_id": None}, {}, "default"),
    ],
)
def test_in_development_nobody_needs_credentials(client: Client, body: Any, headers: Any, username: str) -> None:
    assert create(client, body, **headers).status_code == 200
    assert owner() == ("42", username)


@pytest.mark.usefixtures("development")
def test_in_development_credentials_count_all_the_same(client: Client, jane: Tenant, sam: Tenant) -> None:
    assert create(client, {"user_id": "someone"}, **sam.headers).status_code == 200
    assert owner() == ("99", "sam")
    assert create(client, Authorization="Bearer kam_wrong").status_code == 401
    assert create(client, Authorization="Bearer other").status_code == 401


@pytest.mark.usefixtures("development", "jane")
@pytest.mark.parametrize("user_id", ["a b", "x" * 101, "a\nb", 5, ["x"], {"a": 1}, "ä/b"])
def test_names_that_are_none_are_refused(client: Client, user_id: Any) -> None:
    answer = create(client, {"user_id": user_id})
    assert (answer.status_code, answer.json()["details"][0]["loc"]) == (422, ["body", "user_id"])


@pytest.mark.usefixtures("development", "jane")
def test_a_broken_body_is_400_even_before_its_sender_is_known(client: Client) -> None:
    answer = client.post(URL, b"{", content_type="application/json")
    assert answer.status_code == 400


def test_keys_of_people_who_left_are_dead(client: Client, jane: Tenant) -> None:
    User.objects.filter(pk=jane.user.pk).update(is_active=False)
    assert create(client, **jane.headers).status_code == 401
