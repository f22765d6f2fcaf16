"""Nothing outlives the supervisor, whatever ends it; what falls is started again; nobody else is ever touched."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from embedded.environment import ROOT
from embedded.errors import DataFolderTaken, PortTaken
from embedded.folder import DataFolder
from embedded.liveness import alive
from tests.embedded.conftest import Household, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")

# A test must not change the environment that it runs in.
UP_WITHOUT_INSTALLING = """
import sys
from embedded import doors, environment
environment.enter = lambda development: None
sys.exit(doors.open_door(["up"]))
"""

Start = Callable[[], Household]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_turn_by_turn(household: Start, data_folder: Path, number: int) -> None:
    house = household().wait_until_ready()
    everyone = house.everyone()

    began = time.monotonic()
    code, said = house.end(number)

    assert time.monotonic() - began < 15
    assert (code, said[-1]) == (0, "all stopped")
    assert not [pid for pid in everyone if alive(pid)]
    assert (data_folder / "stopped").read_text().split() == ["beat", "worker", "web", "relay"]
    postgres_log, redis_log = (data_folder / "logs" / f"{name}.log" for name in ("postgres", "redis"))
    assert "database system is shut down" in postgres_log.read_text()
    assert redis_log.stat().st_mtime_ns > postgres_log.stat().st_mtime_ns > (data_folder / "stopped").stat().st_mtime_ns


def test_a_child_that_does_not_stop_is_killed_with_its_own_children(household: Start) -> None:
    house = household().wait_until_ready()
    pool = house.everyone()[-1]
    assert alive(pool)

    _, said = house.end(signal.SIGTERM)

    assert "worker was still busy and has been killed" in said
    assert not alive(pool)


def test_kill_9_of_the_supervisor_leaves_no_process_and_the_next_start_just_works(household: Start) -> None:
    house = household().wait_until_ready()
    everyone = house.everyone()
    assert len(everyone) > 8

    house.popen.kill()
    house.popen.wait()
    second = household()  # at once: it waits until the last of the old household is gone

    wait_until(lambda: not any(alive(pid) for pid in everyone), seconds=10)
    assert second.wait_until_ready().pids.keys() == house.pids.keys()


def test_kill_9_of_everything_at_once_does_not_stop_the_next_start(household: Start) -> None:
    house = household().wait_until_ready()

    for pid in [house.popen.pid, *house.everyone()]:
        with contextlib.suppress(ProcessLookupError):  # they follow their postmaster by themselves
            os.kill(pid, signal.SIGKILL)
    house.popen.wait()

    assert household().wait_until_ready().pids.keys() == house.pids.keys()


def test_a_fallen_child_is_started_again_and_its_pool_is_gone(household: Start, data_folder: Path) -> None:
    house = household().wait_until_ready()
    pool = house.everyone()[-1]

    os.kill(house.pids["worker"], signal.SIGKILL)

    wait_until(lambda: (data_folder / "pool").read_text().strip() not in ("", str(pool)), seconds=10)
    wait_until(lambda: not alive(pool), seconds=10)
    assert house.end(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("store", ["postgres", "redis"])
def test_the_end_of_a_store_ends_everything_with_its_log(household: Start, store: str) -> None:
    house = household().wait_until_ready()
    everyone = house.everyone()

    os.kill(house.pids[store], signal.SIGKILL)
    said, _ = house.popen.communicate(timeout=20)

    assert house.popen.returncode == 1
    assert f"{store} ended (killed by SIGKILL); nothing can go on without it:" in said
    assert not [pid for pid in everyone if alive(pid)]


def test_a_data_folder_serves_one_instance_only(household: Start, own_environment: dict[str, str]) -> None:
    house = household().wait_until_ready()
    DataFolder(house.folder).read_secrets()

    refused = _up({**own_environment, "DATA_DIR": str(house.folder), "PORT": "1"})

    assert refused.returncode == DataFolderTaken.exit_code
    assert refused.stderr.startswith(f"Guildhall already runs on {house.folder} (process {house.popen.pid})")
    assert refused.stderr.count("\n") == 1
    assert alive(house.popen.pid)


def test_a_taken_port_is_one_clear_line(data_folder: Path, own_environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        refused = _up({**own_environment, "DATA_DIR": str(data_folder), "PORT": port})

    assert refused.returncode == PortTaken.exit_code
    assert refused.stderr.startswith(f"Port {port} is taken")
    assert refused.stderr.count("\n") == 1
    assert not (data_folder / "postgres").exists()


def _up(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", UP_WITHOUT_INSTALLING]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
