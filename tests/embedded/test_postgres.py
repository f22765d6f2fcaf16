"""PostgreSQL of the data folder: made once, reached over its private socket, never mistaken for somebody else."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from embedded import postgres
from embedded.errors import Refused
from embedded.folder import DataFolder, private_folder
from embedded.liveness import alive
from embedded.postgres import Postgres
from tests.embedded.conftest import Household

Start = Callable[[], Household]


def test_data_and_vectors_survive_a_restart(household: Start, data_folder: Path) -> None:
    house = household().wait_until_ready()
    url = Postgres(DataFolder(data_folder)).url
    with psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute("CREATE TABLE kept AS SELECT '[1,2,3]'::vector AS value")
        version = connection.info.server_version
    assert house.end(signal.SIGTERM)[0] == 0

    household().wait_until_ready()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT value::text FROM kept").fetchall() == [("[1,2,3]",)]
    assert version // 10000 == 18


def test_the_server_listens_on_a_private_socket_only(household: Start, data_folder: Path) -> None:
    household().wait_until_ready()
    server = Postgres(DataFolder(data_folder))

    with psycopg.connect(server.url) as connection:
        listens = connection.execute("SHOW listen_addresses").fetchone()

    assert listens == ("",)
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        assert server.data.stat().st_uid != 0


def test_an_innocent_process_with_a_reused_number_survives(household: Start, data_folder: Path) -> None:
    assert household().wait_until_ready().end(signal.SIGTERM)[0] == 0
    server = Postgres(DataFolder(data_folder))
    account = postgres.unprivileged_account()
    # It runs as the server's account: PostgreSQL by itself would refuse to start beside it.
    innocent = subprocess.Popen(["sleep", "60"], user=account.uid if account else None)
    try:
        (server.data / "postmaster.pid").write_text(
            f"{innocent.pid}\n{server.data}\n1700000000\n5432\n{server.sockets}\n\n0 0\nready\n"
        )
        (server.sockets / ".s.PGSQL.5432.lock").write_text(f"{innocent.pid}\n{server.data}\n1700000000\n5432\n\n")

        house = household().wait_until_ready()

        assert house.pids["postgres"] != innocent.pid
        assert house.end(signal.SIGTERM)[0] == 0
        assert alive(innocent.pid)
    finally:
        innocent.kill()
        innocent.wait()


def test_a_server_that_lost_its_supervisor_is_ended_before_a_new_one_starts(
    household: Start, data_folder: Path
) -> None:
    assert household().wait_until_ready().end(signal.SIGTERM)[0] == 0
    process = Postgres(DataFolder(data_folder)).process()
    account = process.account
    orphan = subprocess.Popen(
        process.command,
        cwd=process.directory,
        user=account.uid if account else None,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not process.ready():
            assert orphan.poll() is None

        house = household()
        orphan.wait(timeout=20)
        house.wait_until_ready()
    finally:
        orphan.kill()
        orphan.wait()


def test_an_interrupted_first_start_is_begun_again(household: Start, data_folder: Path) -> None:
    half_made = data_folder / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")

    household().wait_until_ready()

    assert not half_made.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may not run PostgreSQL itself")
def test_root_never_opens_a_closed_folder_to_the_server(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = data_folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(postgres, "SYSTEM_FOLDER", data_folder)
    folder = DataFolder(closed / "var")
    folder.take()

    server = Postgres(folder)
    folder.forget_sockets()

    assert server.data.parent.parent == data_folder
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_data_of_another_major_version_are_refused(data_folder: Path) -> None:
    folder = DataFolder(data_folder)
    folder.take()
    (data_folder / "postgres").mkdir()
    (data_folder / "postgres" / "PG_VERSION").write_text("17\n")

    with pytest.raises(Refused, match="written by PostgreSQL 17, not 18"):
        Postgres(folder).prepare()


def test_a_socket_folder_of_someone_else_is_refused(data_folder: Path) -> None:
    target = data_folder / "target"
    target.mkdir()
    (data_folder / "link").symlink_to(target)

    with pytest.raises(Refused, match="belongs to someone else"):
        private_folder(data_folder / "link", 0o700)
