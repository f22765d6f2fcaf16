"""Every example body of the document: what it sends is accepted, and what it shows is in the answer."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from skills.models import DeletedSkill, Skill, SkillVersion
from tests.api.code.conftest import GOLDEN, Caller, golden, make
from tests.conftest import Tenant

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TIMES = ("created_at", "updated_at")


def is_shown(answer: Any, name: str) -> bool:
    """The answer's data has all of the example's, but for the times, which are of the example's form."""
    expected, data = golden(name), answer.json()["data"]
    assert answer.json().keys() == expected.keys()
    times = [key for key in TIMES if key in expected["data"]]
    assert all(TIME.fullmatch(data[key]) for key in times)
    return all(data[key] == value for key, value in expected["data"].items() if key not in times)


def insert(tenant: Tenant, document: dict[str, Any], **columns: Any) -> Skill:
    skill = make(tenant, document["id"], name=document["name"], description=document["description"], **columns)
    times = {name: datetime.fromisoformat(document[name]) for name in TIMES}
    Skill.objects.filter(pk=skill.pk).update(
        semver=document["version"], code_author=document["author"], **times, version=1
    )
    return skill


def test_list(manager: Caller, jane: Tenant) -> None:
    expected = golden("list")
    insert(jane, expected["data"][0])
    for number in range(14):
        make(jane, f"old-{number}")
    Skill.objects.exclude(slug="pptx").update(created_at="2020-01-01T00:00:00Z")
    answer = manager.get("skills?enabled=true&limit=10&offset=0")
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == expected.keys()
    assert (body["data"][0], len(body["data"])) == (expected["data"][0], 10)
    assert body["pagination"] == expected["pagination"]
    assert manager.get("skills").json() == body


def test_detail(manager: Caller, jane: Tenant, settings: Settings) -> None:
    settings.SKILLS_HOME = "/home/user/.claude/skills"
    expected = golden("detail")
    document = expected["data"]
    insert(
        jane,
        document,
        tags=document["tags"],
        capabilities=document["capabilities"],
        source_url=document["source_url"],
        origin_type=document["source_type"],
        source_branch=document["source_branch"],
        timeout=document["timeout"],
    )
    assert manager.get("skills/pptx").json() == expected
    assert len(document) == 18


def test_what_is_not_there(manager: Caller) -> None:
    answer = manager.get("skills/pptx")
    assert (answer.status_code, answer.json()) == (404, golden("not_found"))
    answer = manager.delete("skills/web-scraper")
    assert (answer.status_code, answer.json()) == (404, golden("delete_not_found"))


def test_create(manager: Caller) -> None:
    answer = manager.post("skills", golden("create_request"))
    assert answer.status_code == 201
    assert is_shown(answer, "create")
    request = golden("create_full_request")
    data = manager.post("skills", request).json()["data"]
    assert data | request == data


def test_validation(manager: Caller) -> None:
    answer = manager.post("skills", golden("create_request") | {"version": "1.0"})
    assert (answer.status_code, answer.json()) == (400, golden("validation_error"))


def test_update(manager: Caller) -> None:
    manager.post("skills", golden("create_request"))
    answer = manager.put("skills/web-scraper", golden("update_request"))
    assert answer.status_code == 200
    assert is_shown(answer, "update")
    assert answer.json()["data"]["name"] == "Web Scraper", "what the body does not name stays"


def test_delete(manager: Caller, skill: Skill) -> None:
    answer = manager.delete("skills/web-scraper")
    assert (answer.status_code, answer.json()) == (200, golden("delete"))


def test_versions(manager: Caller, jane: Tenant, skill: Skill) -> None:
    answer = manager.post("skills/web-scraper/versions", golden("create_version_request"))
    assert answer.status_code == 201
    assert is_shown(answer, "create_version")
    answer = manager.get("skills/web-scraper/versions/1.2.0")
    assert is_shown(answer, "version")
    answer = manager.delete("skills/web-scraper/versions/1.0.0")
    assert (answer.status_code, answer.json()) == (200, golden("delete_version"))
    request = golden("create_version_full_request")
    make(jane, "other")
    assert manager.post("skills/other/versions", request).json()["data"]["changes"] == request["changes"]


def test_list_of_versions(manager: Caller, skill: Skill) -> None:
    expected = golden("versions")
    kept = DeletedSkill.objects.create(client=skill.client, slug=skill.slug, snapshot=[], deleted_by="test")
    skill.versions.all().delete()  # which the database allows where something is kept
    kept.delete()
    for row in expected["data"]:
        SkillVersion.objects.create(
            skill=skill,
            version=row["version"],
            sort_key=row["version"],
            description=row["description"],
            created_at=datetime.fromisoformat(row["created_at"]),
            content="x",
            document="x",
            content_sha256="x",
        )
    assert manager.get("skills/web-scraper/versions").json() == expected


@pytest.mark.usefixtures("development", "jane")
def test_the_first_steps_of_the_document() -> None:
    answer = Caller().post("/auth/token", golden("token_request"))
    assert (answer.status_code, answer.json()["data"]["role"]) == (200, "manager")
    token = answer.json()["data"]["token"]
    assert token.startswith("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.")
    assert Caller(Authorization=f"Bearer {token}").get("skills").status_code == 200


def test_no_example_is_forgotten() -> None:
    source = Path(__file__).read_text()
    named = set(re.findall(r'(?:golden\(|is_shown\(answer, )"(\w+)"', source))
    assert named == {path.stem for path in GOLDEN.glob("*.json")}
