"""Skills of Claude Code v1: fields, ids, pages, shared and foreign ones, conditional requests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.actor import Actor
from accounts.models import AuditEvent
from skills.models import DeletedSkill, Skill, SkillAlias
from skills.services import create_skill, remember_alias
from skills.versioning import restore_skill
from taxonomy.services import save_category
from tests.api.code.conftest import Caller, golden, make, problem, wrong_fields
from tests.conftest import Tenant

BODY = golden("create_request")


def ids(answer: Any) -> list[str]:
    return [skill["id"] for skill in answer.json()["data"]]


@pytest.mark.parametrize(
    "skill_id",
    ["", "A", "a b", "a/b", "-a", "a-", "_a", "ä", "a.b", "a" * 256, "a\n", 5, None, ["a"]],
)
def test_ids_that_are_none(manager: Caller, skill_id: Any) -> None:
    assert wrong_fields(manager.post("skills", BODY | {"id": skill_id})) == ["id"]
    assert not Skill.objects.exists()


@pytest.mark.parametrize("skill_id", ["a", "0", "web_scraper-2", "a--b", "a" * 255])
def test_ids_that_are(manager: Caller, skill_id: str) -> None:
    assert manager.post("skills", BODY | {"id": skill_id}).json()["data"]["id"] == skill_id
    assert manager.get(f"skills/{skill_id}/").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""), ("name", 5), ("name", "x" * 256), ("description", " "), ("description", None),
        *[("version", text) for text in ("1", "1.0", "v1.0.0", "01.0.0", "1.0.0\n", "1.0.0-01", "1.0.0+", 1, None)],
        ("version", "1.0.0-" + "a" * 64),
        ("tags", "a"), ("tags", [1]), ("tags", ["x"] * 101), ("tags", ["x" * 129]), ("capabilities", {}),
        ("enabled", "yes"), ("enabled", "true"), ("enabled", 1), ("enabled", None), ("editable", "no"),
        ("source_type", "ftp"), ("source_type", ""), ("source_url", 5), ("author", "x" * 256),
        ("content", " "), ("content", 7), ("files", "x"), ("files", ["x"]), ("files", [{"path": "../x"}]),
        ("files", [{"path": "a", "content": "?", "encoding": "base64"}]), ("timeout", 0), ("timeout", "soon"),
        ("dependencies", [{}]), ("content", "x" * 1_048_577),
    ],
)  # fmt: skip
def test_wrong_fields_are_named(manager: Caller, skill: Skill, name: str, value: Any) -> None:
    assert wrong_fields(manager.post("skills", BODY | {"id": "new", name: value})) == [name]
    assert wrong_fields(manager.put("skills/web-scraper", {name: value})) == [name]
    assert Skill.objects.values_list("slug", "content", "semver").get() == ("web-scraper", "# Text\n", "1.0.0")


def test_every_wrong_field_is_named_at_once(manager: Caller) -> None:
    assert wrong_fields(manager.post("skills", {})) == ["id", "name", "description", "version"]
    assert set(wrong_fields(manager.post("skills", {"id": "X", "version": "1", "tags": 5}))) >= {
        "id",
        "version",
        "tags",
    }


def test_content_and_files_make_real_instructions(manager: Caller) -> None:
    files = [{"path": "scripts/run.sh", "content": "ZWNobyAx", "encoding": "base64", "executable": True}]
    content = "---\nname: web-scraper\ndescription: Scrapes.\n---\n  # Keep me\n\n"
    manager.post("skills", BODY | {"content": content, "files": files, "timeout": 60, "dependencies": ["curl"]})
    data = manager.get("skills/web-scraper?include=content").json()["data"]
    assert (data["content"], data["timeout"], data["dependencies"]) == (content, 60, ["curl"])
    assert data["files"][0] | files[0] == data["files"][0]
    assert "content" not in manager.get("skills/web-scraper").json()["data"]
    version = manager.get("skills/web-scraper/versions/latest?include=content").json()["data"]
    assert version["content"] == content
    manager.post("skills", BODY | {"id": "bare"})
    bare = manager.get("skills/bare?include=content").json()["data"]
    assert bare["content"] == "# Web Scraper\n\nExtract data from websites\n"


def test_a_taken_id_is_409_even_when_disabled(manager: Caller) -> None:
    assert manager.post("skills", BODY | {"enabled": False}).status_code == 201
    answer = manager.post("skills", BODY)
    assert problem(answer) == (409, "CONFLICT")
    assert answer.json()["error"]["message"] == "Skill 'web-scraper' already exists"


def test_put_changes_what_it_names(manager: Caller, skill: Skill) -> None:
    before = manager.get("skills/web-scraper").json()["data"]
    assert manager.put("skills/web-scraper", {}).json()["data"] == before
    assert manager.put("skills/web-scraper", {"id": "web-scraper", "version": "1.0.0"}).json()["data"] == before
    assert AuditEvent.objects.filter(action="update").count() == 0, "nothing changed"
    assert wrong_fields(manager.put("skills/web-scraper", {"id": "other"})) == ["id"]
    changed = {"tags": ["b", "a"], "source_type": "zip", "author": "Me", "editable": True}
    after = manager.put("skills/web-scraper", changed).json()["data"]
    assert after == before | changed | {"updated_at": after["updated_at"]}
    cleared = manager.put("skills/web-scraper", {"tags": None, "source_type": None, "author": None}).json()["data"]
    assert (cleared["tags"], cleared["source_type"], cleared["author"]) == ([], None, None)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", (10, 0, 10)), ("?limit=1", (1, 0, 1)), ("?limit=100", (100, 0, 12)), ("?limit=101", (100, 0, 12)),
        ("?limit=99999999999999999999", (100, 0, 12)), ("?offset=10", (10, 10, 2)), ("?limit=5&offset=12", (5, 12, 0)),
        ("?offset=99999999999999999999", (10, 10**9, 0)),
    ],
)  # fmt: skip
def test_pages(manager: Caller, jane: Tenant, query: str, page: tuple[int, int, int]) -> None:
    for number in range(12):
        make(jane, f"skill-{number}")
    body = manager.get(f"skills{query}").json()
    limit, offset, shown = page
    assert body["pagination"] == {"total": 12, "limit": limit, "offset": offset}
    assert len(body["data"]) == shown


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=x", "limit=1.5", "offset=-1", "offset=a", "enabled=2"])
def test_queries_that_are_wrong(manager: Caller, skill: Skill, query: str) -> None:
    answer = manager.get(f"skills?{query}")
    assert wrong_fields(answer) == [query.partition("=")[0]]
    assert answer.json()["error"]["message"] == "Request validation failed"


@pytest.mark.parametrize(("value", "found"), [("true", "on"), ("1", "on"), ("FALSE", "off"), ("0", "off")])
def test_enabled_is_the_stores_status(manager: Caller, jane: Tenant, value: str, found: str) -> None:
    make(jane, "on")
    make(jane, "off", status="deprecated")
    assert ids(manager.get(f"skills?enabled={value}")) == [found]
    assert manager.get("skills/off").json()["data"]["enabled"] is False
    manager.put("skills/off", {"enabled": True})
    assert Skill.objects.get(slug="off").status == "active"


def test_shared_skills_are_read_and_not_changed(manager: Caller, system: Actor, skill: Skill) -> None:
    for slug in ("shared", "web-scraper"):
        create_skill(actor=system, name=slug, slug=slug, description="Shared", content="# Shared\n")
    assert ids(manager.get("skills")) == ["shared", "web-scraper"], "one's own in place of the shared one of that id"
    assert manager.get("skills/web-scraper").json()["data"]["description"] == "Text"
    assert manager.get("skills/shared/versions").json()["pagination"]["total"] == 1
    for method, path in (("put", ""), ("delete", ""), ("post", "/versions"), ("delete", "/versions/1.0.0")):
        assert problem(manager.call(method, f"skills/shared{path}", b"{")) == (403, "FORBIDDEN")
    assert manager.post("skills", BODY | {"id": "shared"}).status_code == 201, "a tenant may have its own"
    assert manager.get("skills/shared").json()["data"]["description"] == BODY["description"]


def test_foreign_skills_do_not_exist(stranger: Caller, skill: Skill) -> None:
    assert ids(stranger.get("skills")) == []
    for method, path in (
        ("get", ""), ("put", ""), ("delete", ""), ("get", "/versions"), ("post", "/versions"),
        ("get", "/versions/1.0.0"), ("delete", "/versions/1.0.0"), ("get", "/versions/1.0.0/diff/latest"),
    ):  # fmt: skip
        answer = stranger.call(method, f"skills/web-scraper{path}", b"{")
        assert problem(answer) == (404, "SKILL_NOT_FOUND")
    assert stranger.post("skills", BODY).status_code == 201, "ids are a tenant's own"


@pytest.mark.parametrize("skill_id", ["no", "WEB-SCRAPER", "%00", "a%00b", "x" * 300, "%F0%9F%A6%8A", "..", "%2e%2e"])
def test_ids_that_name_nothing(manager: Caller, skill: Skill, skill_id: str) -> None:
    assert problem(manager.get(f"skills/{skill_id}")) == (404, "SKILL_NOT_FOUND")


def test_delete_is_real_and_everything_can_come_back(manager: Caller, jane: Tenant, sam: Tenant, skill: Skill) -> None:
    remember_alias(actor=jane.actor, alias="old/one", slug="web-scraper", reason="moved")
    copy = make(sam, parent_skill=skill)
    manager.put("skills/web-scraper", {"content": "# Two\n", "tags": ["a"]})
    before = {
        path: manager.get(path).json() for path in ("skills/web-scraper?include=content", "skills/web-scraper/versions")
    }
    Skill.objects.create(client_id="42", slug="web-scraper", version=2, name="x", content="x", status="deprecated")
    assert manager.delete("skills/web-scraper").status_code == 200
    assert problem(manager.get("skills/web-scraper")) == (404, "SKILL_NOT_FOUND")
    assert problem(manager.delete("skills/web-scraper")) == (404, "SKILL_NOT_FOUND")
    copy.refresh_from_db()
    assert copy.parent_skill is None
    deleted = DeletedSkill.objects.get()
    line = AuditEvent.objects.filter(action="delete").get()
    assert line.detail == {"slug": "web-scraper", "snapshot": str(deleted.pk)}

    assert manager.post("skills", BODY).status_code == 201, "the id is free again"
    admin = Actor("42", "root", "admin")
    with pytest.raises(Exception, match="already exists"):
        restore_skill(actor=admin, deleted=deleted)
    manager.delete("skills/web-scraper")
    with pytest.raises(Exception, match="needs the role admin"):
        restore_skill(actor=jane.actor, deleted=deleted)
    assert restore_skill(actor=admin, deleted=deleted).pk == skill.pk
    assert {path: manager.get(path).json() for path in before} == before
    assert Skill.objects.filter(client_id="42").count() == 2


def test_restoring_at_the_command_line(manager: Caller, jane: Tenant, capsys: Any) -> None:
    """What the skill named and is gone is named no more; an alias that leads elsewhere by now stays there."""
    parent, category = make(jane, "parent"), save_category(actor=jane.actor, slug="gone")
    make(jane, parent_skill=parent, category=category)
    remember_alias(actor=jane.actor, alias="old/one", slug="web-scraper", reason="moved")
    remember_alias(actor=jane.actor, alias="old/two", slug="web-scraper", reason="moved")
    manager.delete("skills/web-scraper")
    manager.delete("skills/parent")
    category.delete()
    remember_alias(actor=jane.actor, alias="old/two", slug="other", reason="moved")
    call_command("restore_skill", "web-scraper", client="42")
    assert capsys.readouterr().out == "Restored 'web-scraper' at version 1.0.0.\n"
    skill = Skill.objects.get()
    assert (skill.parent_skill, skill.category) == (None, None)
    assert dict(SkillAlias.objects.values_list("alias", "slug")) == {"old/one": "web-scraper", "old/two": "other"}
    for slug, client_id in (("web-scraper", "42"), ("web-scraper", "99"), ("none", "42")):
        with pytest.raises(CommandError):
            call_command("restore_skill", slug, client=client_id)


def test_etags(manager: Caller, skill: Skill) -> None:
    first = manager.get("skills/web-scraper")
    assert re.fullmatch(r'"[0-9a-f]{64}"', first["ETag"])
    for header in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}', "*"):
        answer = manager.get("skills/web-scraper", If_None_Match=header)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", first["ETag"])
    changed = manager.put("skills/web-scraper", {"tags": ["x"]}, If_Match=first["ETag"])
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    assert manager.get("skills/web-scraper", If_None_Match=first["ETag"])["ETag"] == changed["ETag"]
    late = manager.put("skills/web-scraper", {"tags": ["y"]}, If_Match=first["ETag"])
    assert problem(late) == (412, "PRECONDITION_FAILED")
    for header in ("unquoted", "", f"W/{changed['ETag']}"):
        answer = manager.put("skills/web-scraper", {"tags": ["y"]}, If_Match=header)
        assert problem(answer) == (412, "PRECONDITION_FAILED")
    assert manager.put("skills/web-scraper", {"tags": ["z"]}, If_Match="*").status_code == 200
    assert Skill.objects.get().tags == ["z"]
    latest = manager.get("skills/web-scraper")["ETag"]
    assert manager.put("skills/web-scraper", {"content": "# New\n"})["ETag"] != latest, "content counts too"
