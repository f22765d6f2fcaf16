"""Many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from skills.models import Skill, SkillVersion
from tests.api.code.conftest import Caller, golden, make
from tests.conftest import Tenant


def at_once(count: int, call: Callable[[int], Any]) -> list[int]:
    """The statuses of `count` calls that begin at one moment."""
    barrier, statuses = threading.Barrier(count), [0] * count

    def run(number: int) -> None:
        try:
            barrier.wait()
            statuses[number] = call(number).status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


@pytest.fixture
def headers(transactional_db: None, jane: Tenant) -> dict[str, str]:
    return jane.headers


def test_twenty_creates_of_one_id(headers: dict[str, str]) -> None:
    body = golden("create_request")
    statuses = at_once(20, lambda number: Caller(**headers).post("skills", body | {"name": f"Name {number}"}))
    assert statuses == [201] + [409] * 19
    assert (Skill.objects.count(), SkillVersion.objects.count()) == (1, 1)


def test_twenty_of_one_version(headers: dict[str, str], jane: Tenant) -> None:
    make(jane)
    path = "skills/web-scraper/versions"
    body = {"version": "1.1.0"}
    statuses = at_once(20, lambda number: Caller(**headers).post(path, body | {"content": f"# {number}\n"}))
    assert statuses == [201] + [409] * 19
    skill = Skill.objects.get()
    assert skill.semver == "1.1.0"
    assert skill.content == skill.versions.get(version="1.1.0").content


def test_of_two_deletions_one_version_is_left(headers: dict[str, str], jane: Tenant) -> None:
    make(jane)
    Caller(**headers).post("skills/web-scraper/versions", {"version": "1.1.0"})
    paths = ["1.0.0", "1.1.0"]
    statuses = at_once(2, lambda number: Caller(**headers).delete(f"skills/web-scraper/versions/{paths[number]}"))
    assert statuses == [200, 409]
    assert Skill.objects.get().semver == SkillVersion.objects.get(deleted_at=None).version


def test_changes_on_one_reading_succeed_once(headers: dict[str, str], jane: Tenant) -> None:
    make(jane)
    etag = Caller(**headers).get("skills/web-scraper")["ETag"]
    statuses = at_once(
        8, lambda number: Caller(**headers).put("skills/web-scraper", {"tags": [str(number)]}, If_Match=etag)
    )
    assert statuses == [200] + [412] * 7


def test_a_skill_that_goes_while_it_is_changed(headers: dict[str, str], jane: Tenant) -> None:
    make(jane)

    def call(number: int) -> Any:
        caller = Caller(**headers)
        if number == 0:
            return caller.delete("skills/web-scraper")
        if number % 2:
            return caller.put("skills/web-scraper", {"content": f"# {number}\n"})
        return caller.post("skills/web-scraper/versions", {"version": f"2.{number}.0"})

    assert set(at_once(9, call)) <= {200, 201, 404}
    assert not Skill.objects.exists()
    assert not SkillVersion.objects.exists()
