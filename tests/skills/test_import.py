"""Importing is repeatable and loses nothing: what comes in goes out again byte for byte."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.actor import Actor
from accounts.models import Client
from core.errors import Conflict, Invalid
from skills import search
from skills.exporting import export_skills
from skills.importing import ImportReport, import_skills
from skills.models import Skill

FOLDERS = Path(__file__).parents[3] / "shared" / "data" / "skill-folders.tar.gz"
ACTOR = Actor(client_id="t-import", username="tester", role="admin", surface="command")
GOOD = b"---\nname: one\ndescription: Does. Use when asked.\n---\n\nBody\r\n"


@pytest.fixture(autouse=True)
def tenant(db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The tenant, and the sizes of the batches that were embedded (without running the model)."""
    Client.objects.create(id=ACTOR.client_id, name="Import")
    batches: list[int] = []

    def embed(skills: list[Skill]) -> None:
        batches.append(len(skills))
        Skill.objects.filter(pk__in=[skill.pk for skill in skills]).update(embedding_model="a model")

    monkeypatch.setattr(search, "embed_skills", embed)
    return batches


def packed(files: dict[str, bytes], executable: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o755 if name in executable else 0o644
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def taken(files: dict[str, bytes], **kwargs: Any) -> ImportReport:
    return import_skills(actor=ACTOR, source=packed(files, **kwargs))


def statuses(report: ImportReport) -> dict[str, str]:
    return {outcome.source: outcome.status for outcome in report.outcomes}


def written(folder: Path) -> dict[str, tuple[str, bool]]:
    """Path -> (SHA-256, executable) of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            bool(path.stat().st_mode & 0o111),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_skill_comes_in_whole() -> None:
    report = taken(
        {"a/one/SKILL.md": GOOD, "a/one/run.sh": b"#!", "a/one/x.bin": b"\xff\0"}, executable=("a/one/run.sh",)
    )
    assert report.counts == {"imported": 1, "repaired": 0}
    skill = Skill.objects.get(client_id=ACTOR.client_id)
    assert (skill.name, skill.slug, skill.description) == ("one", "one", "Does. Use when asked.")
    assert (skill.content.encode(), skill.semver, skill.created_via) == (GOOD, "1.0.0", "import")
    assert {file["path"]: (file.get("encoding"), file.get("executable")) for file in skill.supporting_files} == {
        "run.sh": (None, True),
        "x.bin": ("base64", None),
    }
    assert skill.metadata["import"]["source"] == "a/one"
    assert skill.versions.get().description == "Imported from a/one"


def test_the_same_again_changes_nothing(tenant: list[int]) -> None:
    files = {"a/SKILL.md": GOOD, "b/SKILL.md": GOOD.replace(b"one", b"two")}
    taken(files)
    before = list(Skill.objects.order_by("pk").values())
    assert taken(files).counts == {"unchanged": 2, "repaired": 0}
    assert list(Skill.objects.order_by("pk").values()) == before
    assert tenant == [2, 0]


def test_changed_files_are_a_new_version_and_own_metadata_stays(tenant: list[int]) -> None:
    taken({"a/SKILL.md": GOOD, "a/x": b"1"})
    Skill.objects.update(metadata={**Skill.objects.get().metadata, "mine": 1})
    report = taken({"a/SKILL.md": GOOD, "a/x": b"2"})
    skill = Skill.objects.get()
    assert statuses(report) == {"a": "updated"}
    assert (skill.semver, skill.metadata["mine"]) == ("1.0.1", 1)
    assert [version.files[0]["content"] for version in skill.versions.order_by("sort_key")] == ["1", "2"]
    assert statuses(taken({"a/SKILL.md": GOOD, "a/x": b"2"})) == {"a": "unchanged"}


def test_what_a_killed_import_left_without_vector_gets_one(tenant: list[int]) -> None:
    files = {"a/SKILL.md": GOOD, "b/SKILL.md": GOOD.replace(b"one", b"two")}
    taken(files)
    Skill.objects.filter(slug="two").update(embedding_model=None)
    assert taken(files).counts["unchanged"] == 2
    assert tenant == [2, 1]


def test_an_executable_bit_is_a_change() -> None:
    taken({"a/SKILL.md": GOOD, "a/x": b"1"})
    report = taken({"a/SKILL.md": GOOD, "a/x": b"1"}, executable=("a/x",))
    assert statuses(report) == {"a": "updated"}


def test_one_name_from_two_folders_is_two_skills() -> None:
    files = {"a/one/SKILL.md": GOOD, "b/one/SKILL.md": GOOD}
    report = taken(files)
    assert [(skill.slug, skill.name) for skill in Skill.objects.order_by("slug")] == [("one", "one"), ("one-2", "one")]
    assert report.outcomes[1].notes == ("the address 'one' belongs to another skill; this one is at 'one-2'",)
    assert taken(dict(reversed(files.items()))).counts["unchanged"] == 2


def test_another_tenant_has_its_own() -> None:
    taken({"a/SKILL.md": GOOD})
    Client.objects.create(id="t-other", name="Other")
    other = Actor(client_id="t-other", username="tester", role="admin", surface="command")
    report = import_skills(actor=other, source=packed({"a/SKILL.md": GOOD}))
    assert report.outcomes[0].slug == "one"
    assert report.outcomes[0].status == "imported"


def test_one_bad_skill_never_stops_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "good/SKILL.md": GOOD,
        "nul/SKILL.md": b"---\nname: nul\n---\na\0b",
        "utf16/SKILL.md": "# Title".encode("utf-16"),
        "alias/SKILL.md": b"---\nname: &a x\ndescription: *a\n---\n",
        "path/SKILL.md": b"# Path",
        "path/CON": b"",
        "odd/SKILL.md": b"# No front matter\n\nFirst words.\n",
        "colon/SKILL.md": b"---\nname: colon\ndescription: Use when: asked\n---\n",
    }
    report = taken(files)
    assert statuses(report) == {
        **dict.fromkeys(("good", "odd", "colon"), "imported"),
        **dict.fromkeys(("nul", "utf16", "alias", "path"), "refused"),
    }
    assert report.counts == {"imported": 3, "refused": 4, "repaired": 2}
    refused = {outcome.source: outcome.notes for outcome in report.outcomes if outcome.status == "refused"}
    assert refused["path"] == ("The path 'CON' holds 'CON', which Windows cannot write",)
    assert all(refused.values())
    assert Skill.objects.get(name="colon").description == "Use when: asked"
    assert Skill.objects.get(slug="odd").description == "First words."


def test_what_the_database_refuses_is_refused_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kaman_skills ADD CONSTRAINT no_two CHECK (name <> 'two')")
    report = taken({f"{name}/SKILL.md": GOOD.replace(b"one", name.encode()) for name in ("one", "two", "three")})
    assert statuses(report) == {"one": "imported", "two": "refused", "three": "imported"}
    assert "no_two" in report.outcomes[1].notes[0]


def test_batches_are_embedded_together(tenant: list[int]) -> None:
    report = taken({f"s{number}/SKILL.md": GOOD.replace(b"one", b"s%d" % number) for number in range(70)})
    assert report.counts["imported"] == 70
    assert tenant == [64, 6]


def test_records_come_in(tmp_path: Path) -> None:
    lines = [
        {"name": f"r{n}", "description": f"Use when {n}: x", "body": f"# R{n}\n", "license": "MIT"} for n in range(3)
    ]
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    assert import_skills(actor=ACTOR, source=path).counts == {"imported": 3, "repaired": 0}
    assert Skill.objects.get(slug="r1").content == (
        "---\nname: r1\ndescription: 'Use when 1: x'\nlicense: MIT\n---\n\n# R1\n"
    )
    assert import_skills(actor=ACTOR, source=path).counts["unchanged"] == 3


def test_a_hostile_archive_brings_nothing_in() -> None:
    with pytest.raises(Invalid, match="leads out"):
        taken({"a/SKILL.md": GOOD, "../evil": b""})
    assert not Skill.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_are_one_import(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, done = Barrier(2, timeout=30), Barrier(2, timeout=30)

    def embed(skills: list[Skill]) -> None:
        inside.wait()
        done.wait()

    monkeypatch.setattr(search, "embed_skills", embed)

    def first() -> None:
        taken({"a/SKILL.md": GOOD})
        connection.close()

    thread = Thread(target=first)
    thread.start()
    inside.wait()
    with pytest.raises(Conflict, match="Another import"):
        taken({"a/SKILL.md": GOOD})
    done.wait()
    thread.join()
    monkeypatch.setattr(search, "embed_skills", lambda skills: None)
    assert statuses(taken({"a/SKILL.md": GOOD})) == {"a": "unchanged"}


# ------------------------------------------------------------------------------------------------------ going out


def test_folders_go_out_as_they_came(tmp_path: Path) -> None:
    files = {
        "a/one/SKILL.md": b"\xef\xbb\xbf" + GOOD,
        "a/one/run.sh": b"#!",
        "a/one/sub/x.bin": bytes(range(256)),
        "b/two/skill.md": b"---\nname: two\ndescription: Use when: x\n---\rno line end",
    }
    executable = ("a/one/run.sh", "b/two/skill.md")
    taken(files, executable=executable)
    report = export_skills(client_id=ACTOR.client_id, target=tmp_path / "out")
    assert (report.skills, report.files, report.bytes) == (2, 4, sum(map(len, files.values())))
    assert written(tmp_path / "out") == {
        name: (hashlib.sha256(data).hexdigest(), name in executable) for name, data in files.items()
    }


def test_no_skill_is_written_outside_or_into_another(tmp_path: Path) -> None:
    sources = ["../evil", "/etc", "a", "a/inner", "A", "."]
    taken({f"s{n}/SKILL.md": GOOD.replace(b"one", b"s%d" % n) for n in range(len(sources))})
    for number, source in enumerate(sources):
        Skill.objects.filter(slug=f"s{number}").update(metadata={"import": {"source": source, "document": "../../x"}})
    export_skills(client_id=ACTOR.client_id, target=tmp_path / "out")
    assert set(written(tmp_path)) == {f"out/{folder}/SKILL.md" for folder in ("s0", "s1", "a", "s3", "s4", "s5")}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(Conflict, match="not empty"):
        export_skills(client_id=ACTOR.client_id, target=tmp_path)


def test_the_shared_collection_goes_out_byte_for_byte(tmp_path: Path) -> None:
    if not FOLDERS.exists():
        pytest.skip("the shared corpus ../shared/data/skill-folders.tar.gz is not on this machine")
    report = import_skills(actor=ACTOR, source=FOLDERS)
    assert report.counts == {"imported": 637, "repaired": 0}
    export_skills(client_id=ACTOR.client_id, target=tmp_path)
    expected = {}
    with tarfile.open(FOLDERS) as archive:
        for member in archive:
            if member.isfile() and member.name.count("/") > 2:
                data = archive.extractfile(member)
                assert data is not None
                expected[member.name] = (hashlib.sha256(data.read()).hexdigest(), bool(member.mode & 0o111))
    found = written(tmp_path)
    assert found == expected
    assert len(found) == 1707


# --------------------------------------------------------------------------------------------------- the commands


def test_the_command_tells_what_became_of_each(tmp_path: Path) -> None:
    source, report, out = tmp_path / "skills.tgz", tmp_path / "report.json", io.StringIO()
    source.write_bytes(packed({"one/SKILL.md": GOOD, "two/SKILL.md": b"\0"}))
    call_command("import_skills", str(source), "--client", ACTOR.client_id, "--report", str(report), stdout=out)
    assert "refused   two: SKILL.md holds a NUL" in out.getvalue()
    document = json.loads(report.read_text())
    assert document["counts"] == {"imported": 1, "refused": 1, "repaired": 0}
    assert [skill["status"] for skill in document["skills"]] == ["imported", "refused"]
    call_command("export_skills", str(tmp_path / "out"), "--client", ACTOR.client_id, stdout=out)
    assert "1 skills, 1 files" in out.getvalue()


@pytest.mark.parametrize(
    ("data", "client", "message"),
    [
        (packed({"one/SKILL.md": b"\0"}), ACTOR.client_id, "no skill that could be read"),
        (packed({"README.md": b"x"}), ACTOR.client_id, "no skill that could be read"),
        (b"hello", ACTOR.client_id, "The file is no .zip"),
        (packed({"one/SKILL.md": GOOD}), "t-nobody", "no tenant"),
    ],
)
def test_the_command_fails_when_nothing_could_be_read(data: bytes, client: str, message: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(data)
    with pytest.raises(CommandError, match=message):
        call_command("import_skills", str(source), "--client", client, stdout=io.StringIO())


def test_the_command_names_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_skills", str(tmp_path / "none"), "--client", ACTOR.client_id, stdout=io.StringIO())
