"""The guard of all tests (tests/conftest.documented_answers) lets nothing pass that a document does not allow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as HttpClient
from rest_framework.request import Request
from rest_framework.response import Response

from api.agent.views.search import SkillSearch
from api.agent.views.skills import SkillDetail
from skills.models import Skill
from tests.api.agent.conftest import golden, insert_skill
from tests.conftest import Tenant
from tests.openapi.answers import Undocumented, check_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def example(jane: Tenant) -> Skill:
    return insert_skill(**golden("detail"))


def ask(jane: Tenant, skill: Skill) -> Any:
    return HttpClient(headers=jane.headers).get(f"/agent/api/skills/{skill.pk}")


def answers(response: Callable[[dict[str, Any]], Response]) -> Callable[..., Response]:
    original = SkillDetail.get

    def get(self: SkillDetail, request: Request, skill_id: str) -> Response:
        return response(json.loads(original(self, request, skill_id).data))

    return get


def test_what_is_documented_passes(jane: Tenant, example: Skill) -> None:
    assert ask(jane, example).status_code == 200


@pytest.mark.parametrize(
    ("response", "complaint"),
    [
        (lambda skill: Response(skill | {"secret": 1}), "secret"),
        (lambda skill: Response({key: skill[key] for key in skill if key != "slug"}), "slug"),
        (lambda skill: Response(skill | {"usage_count": "7"}), "usage_count"),
        (lambda skill: Response(skill | {"status": "asleep"}), "status"),
        (lambda skill: Response(skill | {"created_at": "yesterday"}), "created_at"),
        (lambda skill: Response(skill, status=201), "201 is not among"),
        (lambda skill: Response({"error": "Teapot"}, status=418), "418"),
        (lambda skill: Response({"detail": "Not found"}, status=404), "detail"),
        (lambda skill: Response(skill, content_type="text/html"), "text/html"),
    ],
    ids=["more", "less", "type", "enum", "format", "status", "teapot", "dialect", "media"],
)
def test_what_is_not_documented_fails(
    jane: Tenant, example: Skill, monkeypatch: pytest.MonkeyPatch, response: Any, complaint: str
) -> None:
    monkeypatch.setattr(SkillDetail, "get", answers(response))
    with pytest.raises(Undocumented, match=complaint):
        ask(jane, example)


def test_a_method_that_is_not_documented_fails(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SkillSearch, "get", lambda self, request: Response({}), raising=False)
    with pytest.raises(Undocumented, match="no such method"):
        HttpClient(headers=jane.headers).get("/agent/api/skills/search")


def test_streams_are_held_to_it_too() -> None:
    path, headers = "/api/v1/jobs/1/events", {"Content-Type": "text/event-stream; charset=utf-8", "X-Request-ID": "1"}
    beat = b'retry: 3000\n\ndata: {"type":"heartbeat","timestamp":1.5,"sequence":-1}\n\ndata: [DONE]\n\n'
    assert check_answer("GET", path, 200, headers, beat)
    with pytest.raises(Undocumented, match="timestamp"):
        check_answer("GET", path, 200, headers, beat.replace(b"timestamp", b"time"))


def test_other_paths_are_nobodys() -> None:
    assert not check_answer("GET", "/admin/", 200, {}, b"")
