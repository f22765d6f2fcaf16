"""Skills and their versions: addresses, rollback, immutability, files."""

from __future__ import annotations

import base64
import threading
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, connections, transaction

from accounts.actor import Actor
from accounts.models import AuditEvent
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from skills.files import file_bytes, file_entry, skill_digest
from skills.models import Skill, SkillVersion
from skills.services import create_skill, remember_alias, resolve_skill, update_skill
from taxonomy.services import save_category

pytestmark = pytest.mark.usefixtures("tenants")

JANE = Actor(client_id="42", username="jane", role="manager")
SAM = Actor(client_id="99", username="sam", role="manager")
SYSTEM = Actor(client_id="system", username="s", role="admin")


def make(name: str = "Test engines", actor: Actor = JANE, content: str = "# Content\n", **fields: Any) -> Skill:
    return create_skill(actor=actor, name=name, content=content, embed=False, **fields)


@pytest.mark.parametrize("slug", ["a/b", "..", ".hidden", "-x", "", "A", "two words", "ünïcödé", "a\n"])
def test_the_database_holds_slugs_to_what_addresses_are_made_of(slug: str) -> None:
    skill = make()
    with pytest.raises(IntegrityError, match="kaman_skills_slug"), transaction.atomic():
        Skill.objects.filter(pk=skill.pk).update(slug=slug)
    Skill.objects.filter(pk=skill.pk).update(slug="v1.2_node-js")


def test_a_new_skill_has_a_first_version_a_digest_and_an_audit_line() -> None:
    skill = make(supporting_files=[{"path": "a.txt", "content": "abc"}])
    version = skill.versions.get()
    assert (version.version, version.description, version.content) == ("1.0.0", "Initial release", "# Content\n")
    assert version.content_sha256 == skill.content_sha256 == skill_digest(skill.content, skill.supporting_files)
    assert version.document.startswith("---\nname: test-engines\n")
    assert version.document.endswith("# Content\n")
    assert skill.content_tokens == 4
    assert AuditEvent.objects.get().action == "create"
    assert skill.created_at is not None


def test_names_and_addresses() -> None:
    assert (make("C").slug, make("C").version) == ("c", 2)
    assert (make("C++").slug, make("C#").slug) == ("c-2", "c-3")
    assert make("c ", SAM).version == 1
    assert make("动量策略").slug.startswith("skill-")
    with pytest.raises(Conflict):
        make("Another", slug="c-2")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "), ("name", "x" * 256), ("name", "a\x00b"), ("content", " \n"), ("content", "x" * 1_048_577),
        ("domains", ["x"] * 101), ("domains", [1]), ("tags", ["x" * 201]), ("status", "gone"),
        ("metadata", {"a": "\x00"}),
        ("supporting_files", [{"path": "../x", "content": ""}]), ("supporting_files", [{"content": ""}]),
        ("supporting_files", [{"path": "a", "content": ""}, {"path": "A", "content": ""}]),
        ("supporting_files", [{"path": "a", "content": "b", "size": -1}]),
        ("supporting_files", [{"path": "a", "content": "b", "size": True}]),
        ("supporting_files", [{"path": "a", "content": "b", "sha": "<b>"}]),
        ("supporting_files", [{"path": "a", "content": "b", "filename": "x" * 256}]),
        ("supporting_files", [{"path": "a", "content": "?", "encoding": "base64"}]),
        ("supporting_files", [{"path": f"f{n}", "content": ""} for n in range(501)]),
    ],
)  # fmt: skip
def test_bad_fields_are_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        make(**{field: value})
    assert any(name.split(".")[0] == field for name in refusal.value.fields), refusal.value.fields
    assert not Skill.objects.exists()


def test_new_content_cuts_the_next_patch_and_other_fields_do_not() -> None:
    skill = update_skill(actor=JANE, skill=make(), tags=["x"], embed=False)
    assert (skill.semver, skill.versions.count()) == ("1.0.0", 1)
    skill = update_skill(actor=JANE, skill=skill, content="# More\n", embed=False)
    assert (skill.semver, skill.versions.count(), skill.version) == ("1.0.1", 2, 1)
    skill = update_skill(actor=JANE, skill=skill, supporting_files=[{"path": "a", "content": "b"}], embed=False)
    assert skill.semver == "1.0.2"
    before = skill.updated_at
    assert update_skill(actor=JANE, skill=skill, tags=["x"], embed=False).updated_at == before, "nothing changed"


def test_a_known_version_brings_its_content_back() -> None:
    skill = update_skill(actor=JANE, skill=make(), content="# Two\n", semver="2.0.0", embed=False)
    back = update_skill(actor=JANE, skill=skill, semver="1.0.0", embed=False)
    assert (back.content, back.semver, back.versions.count()) == ("# Content\n", "1.0.0", 2)
    assert back.content_sha256 == SkillVersion.objects.get(version="1.0.0").content_sha256
    with pytest.raises(Conflict):
        update_skill(actor=JANE, skill=back, content="# Other\n", semver="2.0.0", embed=False)


def test_foreign_and_shared_skills_are_not_changed() -> None:
    foreign, shared = make(actor=SAM), make("Shared", SYSTEM)
    with pytest.raises(NotFound):
        update_skill(actor=JANE, skill=foreign, name="Mine")
    with pytest.raises(Forbidden):
        update_skill(actor=JANE, skill=shared, name="Mine")


@pytest.mark.parametrize(
    "change",
    [
        lambda version: setattr(version, "content", "x") or version.save(),
        lambda version: SkillVersion.objects.filter(pk=version.pk).update(content_sha256="0" * 64),
        lambda version: SkillVersion.objects.bulk_update([_with(version, files=[{"path": "x"}])], ["files"]),
        lambda version: _sql("UPDATE skill_version SET version = '9.9.9'"),
    ],
)
def test_a_version_never_changes(change: Any) -> None:
    version = make().versions.get()
    with pytest.raises(Error, match="immutable"), transaction.atomic():
        change(version)
    assert SkillVersion.objects.values("content", "version").get() == {"content": "# Content\n", "version": "1.0.0"}


def _with(version: SkillVersion, **fields: Any) -> SkillVersion:
    for name, value in fields.items():
        setattr(version, name, value)
    return version


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_twenty_creates_at_once_of_one_address_make_one_skill(transactional_db: None) -> None:
    barrier = threading.Barrier(20)
    outcomes: list[str] = []

    def create(number: int) -> None:
        barrier.wait()
        try:
            make(f"Name {number}", slug="the-address")
            outcomes.append("created")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        connections.close_all()

    threads = [threading.Thread(target=create, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created"] + ["skill_exists"] * 19
    assert SkillVersion.objects.count() == 1


def test_addresses_lead_to_skills() -> None:
    technical = save_category(actor=JANE, slug="technical")
    python = save_category(actor=JANE, slug="python", parent=technical)
    skill = make("Async", category=python)
    remember_alias(actor=JANE, alias="old/async", slug="async", reason="moved")
    for address in ("async", "old/async", "technical/python/async", "technical/python", "/async/"):
        assert resolve_skill("42", address) == skill
    make("Another", category=python)
    for address in ("technical/python", "technical/async", "nothing", "", "x/y"):
        with pytest.raises(NotFound):
            resolve_skill("42", address)
    with pytest.raises(NotFound):
        resolve_skill("99", "async")
    shared = make("Async", SYSTEM)
    assert resolve_skill("99", "async") == shared
    assert resolve_skill("42", "async") == skill, "one's own comes first"


def test_the_head_of_an_address_is_the_newest_active_row() -> None:
    first, second = make("Same"), make("Same")
    assert resolve_skill("42", "same") == second
    Skill.objects.filter(pk=second.pk).update(status="deprecated")
    assert resolve_skill("42", "same") == first


def test_files_come_back_byte_for_byte() -> None:
    samples = {"a.txt": b"text\r\n", "b.bin": bytes(range(256)), "c.txt": "ü".encode(), "d": b"\x00", "e": b""}
    for path, data in samples.items():
        entry = file_entry(path, data, executable=True)
        assert file_bytes(entry) == data
        assert entry["size"] == len(data)
    skill = make(supporting_files=[file_entry(path, data) for path, data in samples.items()])
    stored = Skill.objects.get(pk=skill.pk)
    assert {file["path"]: file_bytes(file) for file in stored.supporting_files} == samples
    assert file_entry("x", b"\xff")["content"] == base64.b64encode(b"\xff").decode()


def test_digests_differ_by_byte_path_and_mode() -> None:
    def digest(path: str = "a", data: bytes = b"x", executable: bool = False) -> str:
        return skill_digest("# C", [file_entry(path, data, executable=executable)])

    assert len({digest(), digest(path="b"), digest(data=b"y"), digest(executable=True), skill_digest("# C", [])}) == 5
    files = [file_entry("a", b"1"), file_entry("b", b"2")]
    assert skill_digest("# C", files) == skill_digest("# C", files[::-1])
