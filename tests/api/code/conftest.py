"""Callers of every role, and the skill of the document's examples; nothing here needs a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import User
from accounts.services import issue_api_key
from skills import search
from skills.models import Skill
from skills.services import create_skill
from tests.conftest import Tenant

GOLDEN = Path(__file__).parent / "golden"
BASE = "/api/code/v1/"
PASSWORD = "correct horse battery"


def golden(name: str) -> Any:
    """An example body of the document, as it is printed there."""
    return json.loads((GOLDEN / f"{name}.json").read_text())


class Caller:
    """A client of the API who sends and gets JSON, with the credentials given. Paths are relative to /api/code/v1/."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(headers=headers, raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        url = path if path.startswith("/") else BASE + path
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method.upper(), url, data, "application/json", headers=headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("get", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("post", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("put", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("delete", path, **headers)


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal; fails where the answer is not in the contract's shape."""
    body = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert (body["success"], set(body)) == (False, {"success", "error"})
    assert set(body["error"]) <= {"code", "message", "details"}
    assert all(set(detail) == {"field", "message"} for detail in body["error"].get("details", []))
    return answer.status_code, body["error"]["code"]


def wrong_fields(answer: Any) -> list[str]:
    assert problem(answer) == (400, "VALIDATION_ERROR")
    return [detail["field"] for detail in answer.json()["error"].get("details", [])]


def make_user(tenant: Tenant, username: str, role: str) -> User:
    return User.objects.create_user(username, password=PASSWORD, client=tenant.client, role=role)


def caller_of(user: User) -> Caller:
    _, key = issue_api_key(actor=Actor.for_user(user, "command"), user=user, name="test")
    return Caller(Authorization=f"Bearer {key}")


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """No embedding, cheap passwords, and a counter of attempts that dies with the test."""
    monkeypatch.setattr(search, "embed_skill", lambda skill: None)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def manager(jane: Tenant) -> Caller:
    return Caller(**jane.headers)


@pytest.fixture
def reader(jane: Tenant) -> Caller:
    return caller_of(make_user(jane, "rita", "user"))


@pytest.fixture
def stranger(sam: Tenant) -> Caller:
    return Caller(**sam.headers)


def make(tenant: Tenant, slug: str = "web-scraper", **fields: Any) -> Skill:
    return create_skill(
        actor=tenant.actor, **{"name": slug, "slug": slug, "description": "Text", "content": "# Text\n", **fields}
    )


@pytest.fixture
def skill(jane: Tenant) -> Skill:
    return make(jane)
