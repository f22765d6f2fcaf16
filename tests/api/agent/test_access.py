"""Who may call, beside keys (test_read.py): people's tokens, scopes; and callers that call too often."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.exceptions import Throttled

from accounts.models import User
from accounts.services import issue_api_key
from api.agent.views import KamanView
from skills import search
from skills.models import Skill
from tests.api.agent.conftest import golden, insert_skill
from tests.conftest import Tenant

URL = "/agent/api/skills"
UNAUTHORIZED = golden("errors")["401"]


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "embed_skill", lambda skill: None)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def token(client: Client, body: Any, **headers: str) -> dict[str, str]:
    answer = client.post("/auth/token", body, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    return {"Authorization": f"Bearer {answer.json()['data']['token']}"}


def create(client: Client, headers: dict[str, str]) -> Any:
    return client.post(URL, {"name": "A", "content": "x"}, content_type="application/json", headers=headers)


def test_a_persons_token_is_their_tenants(client: Client, jane: Tenant, sam: Tenant) -> None:
    jane.user.set_password("correct horse battery")
    jane.user.save()
    for headers in (
        token(client, {"username": "jane", "password": "correct horse battery"}),
        token(client, {}, **jane.headers),
    ):
        made = create(client, headers)
        assert (made.status_code, made.json()["client_id"]) == (201, "42")
        assert client.get(URL, headers=headers).json()["totalCount"] == Skill.objects.count()
        assert client.get(f"{URL}/{made.json()['id']}", headers=sam.headers).status_code == 404


@pytest.mark.usefixtures("development", "jane")
def test_a_token_of_nobody_is_worth_nothing(client: Client) -> None:
    headers = token(client, {"role": "admin"})
    for answer in (client.get(URL, headers=headers), create(client, headers)):
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_an_ended_token_is_worth_nothing(client: Client, jane: Tenant) -> None:
    headers = token(client, {}, **jane.headers)
    assert client.get(URL, headers=headers).status_code == 200
    User.objects.filter(pk=jane.user.pk).update(is_active=False)
    answer = client.get(URL, headers=headers)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_a_key_does_what_its_scopes_say(client: Client, jane: Tenant) -> None:
    skill = insert_skill(client_id="42", name="A", slug="a")
    _, key = issue_api_key(actor=jane.actor, user=jane.user, name="reader", scopes=["read"])
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get(f"{URL}/{skill.pk}", headers=headers).status_code == 200
    refused = [
        create(client, headers),
        client.put(f"{URL}/{skill.pk}", b"{", content_type="application/json", headers=headers),
        client.delete(f"{URL}/{skill.pk}", headers=headers),
        client.post(f"{URL}/{skill.pk}/usage", headers=headers),
        client.delete(f"{URL}/not-an-id", headers=headers),
    ]
    assert {(answer.status_code, *answer.json()) for answer in refused} == {(403, "error")}
    assert Skill.objects.get().status == "active"


def test_too_many_requests(client: Client, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(view: KamanView, request: Any) -> None:
        raise Throttled(wait=7)

    monkeypatch.setattr(KamanView, "check_throttles", refuse)
    answer = create(client, jane.headers)
    assert (answer.status_code, list(answer.json()), answer["Retry-After"]) == (429, ["error"], "7")
