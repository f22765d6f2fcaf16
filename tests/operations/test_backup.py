"""The drill: what a backup restores is what was there, and the copy works on. A backup that lacks any is refused."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from copy import copy as copy_of
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from jobs.models import Job
from jobs.services import start_job
from jobs.tasks import run_job
from operations.backup import MANIFEST, _at_server, back_up, restore, verify
from operations.manifest import Manifest
from skills.models import Skill
from skills.services import create_skill
from taxonomy.services import load_default_tree
from tests.chaos.plan import FULL, Measured

pytestmark = [pytest.mark.plan("T13"), pytest.mark.django_db(transaction=True), pytest.mark.slow]
SIZES = (100, 10_000, 100_000) if FULL else (100, 3000)


@pytest.fixture
def copy() -> Iterator[str]:
    """The name of an empty database beside the test's own."""
    from psycopg import sql

    name = f"{connection.settings_dict['NAME']}_copy"
    _at_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    _at_server(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield name
    _at_server(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def fill(actor, skills: int) -> None:
    made = create_skill(actor=actor, name="Bäume schneiden", content="# Trees\n\nCut – carefully.", embed=True)
    made.refresh_from_db()
    rows = []
    for number in range(skills):
        skill = copy_of(made)
        skill.id, skill.slug, skill.name = Skill._meta.pk.get_default(), f"skill-{number}", f"Skill {number}"
        rows.append(skill)
    Skill.objects.bulk_create(rows, batch_size=500)


def manifest() -> Manifest:
    with connection.cursor() as cursor:
        return Manifest.of(cursor)


@pytest.mark.parametrize("skills", SIZES)
def test_a_restored_copy_is_equal_and_works_on(
    skills: int, jane, system, tmp_path: Path, copy: str, measured: Measured
) -> None:
    load_default_tree(actor=system)
    fill(jane.actor, skills)
    job = start_job(actor=jane.actor, request={"task_description": "Write a skill about pruning apple trees in winter"})
    before = manifest()
    said = StringIO()
    call_command("backup", tmp_path / "b", stdout=said)
    assert f"{before.rows} rows" in said.getvalue()
    call_command("verify_backup", tmp_path / "b", stdout=said)
    assert "is whole" in said.getvalue()
    call_command("restore", tmp_path / "b", database=copy, stdout=said)

    settings_name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = copy
    try:
        assert not before.differences(manifest()), "byte for byte, sequences too"
        assert len(before.tables) > 20
        create_skill(actor=jane.actor, name="Born on the copy", content="# New")
        run_job(str(job.pk))
        assert Job.objects.get(pk=job.pk).state == "completed", "the pending job is finished on the copy"
        assert before.differences(manifest()), "the comparison sees that the copy has changed"
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings_name
    assert not Skill.objects.filter(name="Born on the copy").exists()
    measured(f"{before.rows} rows in {len(before.tables)} tables", "identical; made a skill and finished a job")


def test_a_backup_that_lost_a_row_is_refused(jane, tmp_path: Path) -> None:
    fill(jane.actor, 3)
    back_up(tmp_path / "b")
    path = tmp_path / "b" / MANIFEST
    facts = json.loads(path.read_text())
    facts["tables"]["kaman_skills"]["rows"] += 1
    path.write_text(json.dumps(facts))
    with pytest.raises(CommandError, match=r"table kaman_skills: 5 rows .* but 4 rows"):
        call_command("verify_backup", tmp_path / "b")


def test_a_damaged_dump_is_refused(jane, tmp_path: Path) -> None:
    back_up(tmp_path / "b")
    dump = tmp_path / "b" / "database.dump"
    data = bytearray(dump.read_bytes())
    dump.write_bytes(data[: len(data) // 2])
    with pytest.raises(CommandError, match="pg_restore failed"):
        call_command("verify_backup", tmp_path / "b")


def test_what_is_in_the_way_is_left_alone(jane, tmp_path: Path, copy: str) -> None:
    back_up(tmp_path / "b")
    with pytest.raises(CommandError, match="not empty; name a new folder"):
        call_command("backup", tmp_path / "b")
    restore(tmp_path / "b", database=copy)
    with pytest.raises(CommandError, match="is not empty; restore into a new one"):
        call_command("restore", tmp_path / "b", database=copy)


def test_what_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no backup"):
        call_command("verify_backup", tmp_path)


def test_two_empty_manifests_are_no_proof() -> None:
    empty = Manifest({}, {})
    assert empty.differences(empty) == ["there are no tables to compare"]


def test_the_password_stays_out_of_the_command_line(tmp_path: Path, monkeypatch) -> None:
    from operations import tools

    (tmp_path / "pg_dump").write_text('#!/bin/sh\necho "$@" > "$OUT"; echo "$PGPASSWORD" >> "$OUT"\n')
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    monkeypatch.setattr("django.conf.settings.POSTGRES_BIN", str(tmp_path))
    tools.run_tool("pg_dump", "--x", database={"PASSWORD": "hunter2", "HOST": "h"})
    assert (tmp_path / "out").read_text() == "--x\nhunter2\n"


def test_a_missing_program_says_what_to_do(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("django.conf.settings.POSTGRES_BIN", str(tmp_path))
    with pytest.raises(CommandError, match="set POSTGRES_BIN"):
        call_command("backup", tmp_path / "b")
    shutil.rmtree(tmp_path / "b", ignore_errors=True)


def test_a_verification_leaves_no_database_behind(jane, tmp_path: Path, monkeypatch) -> None:
    """Other tests may verify at the same time: this one's database has a name of its own."""
    mark = f"of_{os.getpid()}"
    monkeypatch.setattr("operations.backup.secrets.token_hex", lambda _: mark)
    back_up(tmp_path / "b")
    verify(tmp_path / "b")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [f"guildhall_verify_{mark}"])
        assert cursor.fetchone()[0] == 0
