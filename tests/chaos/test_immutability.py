"""T17: what a version says, and that there was one, cannot be changed by any way in: API, ORM or SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.db import Error, connection, transaction
from django.test import Client as Http

from skills.models import Skill, SkillVersion
from skills.services import create_skill
from skills.versioning import create_version, delete_skill, delete_version, restore_skill
from tests.conftest import Tenant

pytestmark = [pytest.mark.plan("T17"), pytest.mark.django_db]
URL = "/api/code/v1/skills/tidy"
FILE = {"path": "notes.md", "content": "# Notes\n"}


@pytest.fixture
def skill(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> Skill:
    monkeypatch.setattr("skills.search.embed_skill", lambda skill: None)
    skill = create_skill(
        actor=jane.actor, name="Tidy", slug="tidy", content="# One\n", semver="1.0.0", supporting_files=[FILE]
    )
    create_version(actor=jane.actor, skill=skill, semver="1.1.0", content="# Two\n", description="Second")
    return skill


FIELDS = [
    field.attname for field in SkillVersion._meta.concrete_fields if field.attname not in ("deleted_at", "deleted_by")
]


def digest() -> str:
    """Of everything that the two versions say."""
    rows = SkillVersion.objects.filter(version__in=("1.0.0", "1.1.0")).order_by("version").values_list(*FIELDS)
    return hashlib.sha256(str(list(rows)).encode()).hexdigest()


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def changed(**values: Any) -> list[SkillVersion]:
    rows = list(SkillVersion.objects.all())
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    return rows


def new_value(name: str) -> Any:
    field = SkillVersion._meta.get_field(name)
    kind = field.get_internal_type()
    return {
        "ArrayField": ["x"],
        "JSONField": [{"path": "x", "content": "x"}],
        "DateTimeField": "2001-01-01T00:00:00Z",
    }.get(kind, "x" * 8)


WAYS: dict[str, Callable[[], Any]] = {
    "save": lambda: changed(content="x")[0].save(),
    "update": lambda: SkillVersion.objects.update(document="x"),
    "update of the digest": lambda: SkillVersion.objects.filter(version="1.0.0").update(content_sha256="0" * 64),
    "bulk_update": lambda: SkillVersion.objects.bulk_update(changed(files=[]), ["files"]),
    "upsert": lambda: SkillVersion.objects.bulk_create(
        changed(content="x"), update_conflicts=True, unique_fields=["id"], update_fields=["content"]
    ),
    "another number": lambda: SkillVersion.objects.filter(version="1.0.0").update(version="9.9.9"),
    "another skill's": lambda: sql("UPDATE skill_version SET skill_id = gen_random_uuid()"),
    "SQL": lambda: sql("UPDATE skill_version SET content = 'x' WHERE version = '1.0.0'"),
    "SQL that joins": lambda: sql(
        "UPDATE skill_version v SET content = s.slug FROM kaman_skills s WHERE s.id = v.skill_id"
    ),
    "upsert in SQL": lambda: sql(
        "INSERT INTO skill_version SELECT * FROM skill_version ON CONFLICT (id) DO UPDATE SET content = 'x'"
    ),
    "deleting": lambda: SkillVersion.objects.filter(version="1.0.0").delete(),
    "raw deleting": lambda: SkillVersion.objects.filter(version="1.0.0")._raw_delete("default"),
    "deleting in SQL": lambda: sql("DELETE FROM skill_version WHERE version = '1.0.0'"),
    "deleting its skill behind the service": lambda: Skill.objects.all().delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_database_refuses(skill: Skill, way: str) -> None:
    before = digest()
    with pytest.raises(Error, match="immutable"), transaction.atomic():
        WAYS[way]()
    assert digest() == before
    assert SkillVersion.objects.count() == 2


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in ("id", "skill_id")])
def test_no_column_of_a_version_may_change(skill: Skill, name: str) -> None:
    with pytest.raises(Error, match="immutable"), transaction.atomic():
        SkillVersion.objects.filter(version="1.0.0").update(**{name: new_value(name)})


def test_a_number_is_used_once(skill: Skill, jane: Tenant) -> None:
    """The same content again, another content, and after deleting: 409 each time."""
    client, before = Http(headers=jane.headers), digest()
    same = {"version": "1.1.0", "content": "# Two\n", "description": "Second"}
    for body in (same, same | {"content": "# Other\n"}, {"version": "1.0.0", "description": "x"}):
        answer = client.post(f"{URL}/versions", body, content_type="application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")
    assert digest() == before
    assert client.delete(f"{URL}/versions/1.0.0").status_code == 200
    for body in (
        {"version": "1.0.0", "description": "x"},
        {"version": "1.0.0", "description": "x", "content": "# One\n"},
    ):
        assert client.post(f"{URL}/versions", body, content_type="application/json").status_code == 409
    answer = client.put(URL, {"version": "1.0.0", "content": "# Other\n"}, content_type="application/json")
    assert answer.status_code == 409
    kept = SkillVersion.objects.get(version="1.0.0")
    assert (kept.deleted_by, kept.content) == ("jane", "# One\n"), "a tombstone, with what it said"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST"])
def test_no_operation_changes_a_version(skill: Skill, jane: Tenant, method: str) -> None:
    before = digest()
    answer = Http(headers=jane.headers).generic(
        method, f"{URL}/versions/1.0.0", b'{"content": "x"}', "application/json"
    )
    assert (answer.status_code, digest()) == (405, before)


def test_changing_the_skill_leaves_its_versions(skill: Skill, jane: Tenant) -> None:
    client, before = Http(headers=jane.headers), digest()
    calls = (
        ("/api/v1/skills/tidy", {"content": "---\nname: tidy\ndescription: Three. Use it.\n---\n# Three\n"}),
        (f"/agent/api/skills/{skill.pk}", {"content": "# Four\n"}),
        (URL, {"content": "# Five\n", "version": "3.0.0"}),
    )
    for url, body in calls:
        assert client.put(url, body, content_type="application/json").status_code == 200
    assert SkillVersion.objects.count() > 2
    assert digest() == before


def test_a_skill_deleted_and_restored_says_what_it_said(skill: Skill, jane: Tenant) -> None:
    delete_version(actor=jane.actor, skill=skill, number="1.1.0")
    before = serializers.serialize("json", SkillVersion.objects.order_by("version"))
    kept = delete_skill(actor=jane.actor, skill=skill)
    assert not SkillVersion.objects.exists()
    jane.user.role = "admin"
    restore_skill(actor=type(jane.actor).for_user(jane.user, "command"), deleted=kept)
    assert serializers.serialize("json", SkillVersion.objects.order_by("version")) == before
