"""Many at once: every create gets an address, every use is counted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from skills import search
from skills.models import Skill, SkillVersion
from tests.api.agent.conftest import insert_skill
from tests.conftest import Tenant

URL = "/agent/api/skills"
MANY = 16


@pytest.fixture
def headers(transactional_db: None, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(search, "embed_skill", lambda skill: None)
    return jane.headers


def at_once(call: Callable[[Client, int], Any]) -> list[Any]:
    """The answers of calls that begin at one moment."""
    barrier, answers = threading.Barrier(MANY), [None] * MANY

    def run(number: int) -> None:
        try:
            barrier.wait()
            answers[number] = call(Client(), number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def create(client: Client, name: str, headers: dict[str, str]) -> Any:
    return client.post(URL, {"name": name, "content": "x"}, content_type="application/json", headers=headers)


def test_one_name(headers: dict[str, str]) -> None:
    answers = at_once(lambda client, number: create(client, "C sharp", headers))
    assert [answer.status_code for answer in answers] == [201] * MANY
    assert {answer.json()["slug"] for answer in answers} == {"c-sharp"}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(1, MANY + 1))
    assert SkillVersion.objects.count() == MANY


def test_names_of_one_slug(headers: dict[str, str]) -> None:
    answers = at_once(lambda client, number: create(client, "C" + "+" * number, headers))
    assert [answer.status_code for answer in answers] == [201] * MANY
    assert {answer.json()["slug"] for answer in answers} == {"c", *(f"c-{number}" for number in range(2, MANY + 1))}


def test_uses_of_one_skill(headers: dict[str, str]) -> None:
    skill = insert_skill(client_id="42", name="A", slug="a")

    def use(client: Client, number: int) -> Any:
        body = {"success": number % 2 == 0, "event_id": f"e-{number // 4}"}
        return client.post(f"{URL}/{skill.pk}/usage", body, content_type="application/json", headers=headers)

    answers = at_once(use)
    assert [answer.status_code for answer in answers] == [200] * MANY
    skill.refresh_from_db()
    assert (skill.usage_count, skill.success_count + skill.failure_count) == (MANY // 4, MANY // 4)


def test_changes_and_deletes_of_one_skill(headers: dict[str, str]) -> None:
    skill = create(Client(), "A", headers).json()

    def call(client: Client, number: int) -> Any:
        url = f"{URL}/{skill['id']}"
        if number % 2:
            return client.delete(url, headers=headers)
        body = {"content": f"Text {number}", "status": "active"}
        return client.put(url, body, content_type="application/json", headers=headers)

    assert {answer.status_code for answer in at_once(call)} == {200}
    row = Skill.objects.get()
    versions = SkillVersion.objects.order_by("created_at")
    assert versions.count() == 1 + MANY // 2, "each new content is a version"
    assert row.content == versions.get(version=row.semver).content
