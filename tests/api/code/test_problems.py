"""Whatever fails below /api/code and /auth is JSON in the contract's envelope."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from api.code.views.skills import SkillDetail
from api.handlers import refuse
from skills.models import Skill
from tests.api.code.conftest import Caller, golden, problem, wrong_fields
from tests.conftest import Tenant

BODY = golden("create_request")


@pytest.mark.parametrize(
    "path",
    ["/api/code/v1/nothing", "/api/code/v2/skills", "/api/code/", "/auth/x", "/api/code/v1/skills/a/b", "/auth/"],
)
def test_unknown_routes(client: Client, path: str) -> None:
    assert problem(client.get(path, headers={"Accept": "text/html"})) == (404, "NOT_FOUND")


def test_other_methods(manager: Caller, skill: Skill) -> None:
    for method, path in (
        ("patch", "skills/web-scraper"),
        ("put", "skills"),
        ("options", "skills"),
        ("get", "/auth/token"),
    ):
        answer = manager.call(method, path)
        assert problem(answer) == (405, "METHOD_NOT_ALLOWED")
        assert "Allow" in answer


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 100_000, b'{"a":' * 40 + b"1" + b"}" * 40, b"\xff", b"NaN", BODY["id"].encode()]
)
def test_broken_json(manager: Caller, body: bytes) -> None:
    assert wrong_fields(manager.post("skills", body)) == []
    assert problem(manager.post("/auth/token", body)) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("body", [[], None, 5, "x"])
def test_bodies_that_are_no_object(manager: Caller, skill: Skill, body: Any) -> None:
    data = json.dumps(body).encode()
    assert problem(manager.post("skills", data)) == (400, "VALIDATION_ERROR")
    assert problem(manager.put("skills/web-scraper", data)) == (400, "VALIDATION_ERROR")


def test_text_that_postgresql_cannot_keep(manager: Caller) -> None:
    assert wrong_fields(manager.post("skills", json.dumps(BODY | {"name": "a\x00b"}).encode())) == ["name"]


def test_media_types(jane: Tenant) -> None:
    answer = Client().post("/api/code/v1/skills", b"a=1", content_type="text/plain", headers=jane.headers)
    assert problem(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_bodies_too_large(manager: Caller, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert problem(manager.post("skills", b" " * 1001)) == (413, "PAYLOAD_TOO_LARGE")
    _, body = refuse("/api/code/v1/skills", 413)
    assert json.loads(body)["error"]["code"] == "PAYLOAD_TOO_LARGE"


def test_unexpected_errors_tell_nothing_but_an_id(manager: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(SkillDetail, "get", broken)
    answer = manager.get("skills/x")
    assert problem(answer) == (500, "INTERNAL_ERROR")
    assert b"secret" not in answer.content
    assert answer["X-Request-ID"] in answer.json()["error"]["message"]


def test_target_comes_before_body(manager: Caller) -> None:
    assert problem(manager.put("skills/none", b"{")) == (404, "SKILL_NOT_FOUND")
    assert problem(manager.post("skills/none/versions", b"{")) == (404, "SKILL_NOT_FOUND")


def test_body_comes_before_conflict(manager: Caller, skill: Skill) -> None:
    assert wrong_fields(manager.post("skills", BODY | {"version": "1"})) == ["version"]
    assert wrong_fields(manager.post("skills/web-scraper/versions", {"version": "1.0.0", "changes": 5})) == ["changes"]


def test_both_forms_of_every_path(manager: Caller, skill: Skill) -> None:
    for path in ("skills", "skills/web-scraper", "skills/web-scraper/versions", "skills/web-scraper/versions/1.0.0"):
        assert manager.get(path).json() == manager.get(f"{path}/").json()
    assert manager.post("skills/", BODY | {"id": "new"}).status_code == 201
