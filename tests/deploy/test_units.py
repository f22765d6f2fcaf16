"""The units for systemd run what the composition runs, as nobody in particular, with settings from a file."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from tests.live import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
BIN = "/opt/guildhall/.venv/bin/"


def service(unit: Path) -> dict[str, str]:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text())
    return dict(parser["Service"])


def test_there_is_one_for_each_process() -> None:
    assert {unit.stem for unit in UNITS} == {f"guildhall-{name}" for name in ("web", "worker", "beat", "relay")}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_it_runs_what_the_composition_runs(unit: Path) -> None:
    found = service(unit)
    words = shlex.split(found["ExecStart"].removeprefix(BIN))
    composed = COMPOSE[unit.stem.removeprefix("guildhall-")]
    wanted = composed.get("command")
    if wanted is None:
        assert (words[0], words[-1]) == ("daphne", "config.asgi:application")
    else:
        assert words == wanted
    assert found["User"] == "guildhall"
    assert found["EnvironmentFile"] == "/etc/guildhall/guildhall.env"
    assert found["TimeoutStopSec"] + "s" == composed["stop_grace_period"]


def test_a_stopped_worker_leaves_its_jobs_to_others() -> None:
    """As docs/adr/0002-durable-jobs.md has it: by Celery's soft shutdown, which SIGTERM alone does not begin."""
    unit = (ROOT / "deploy" / "systemd" / "guildhall-worker.service").read_text().splitlines()
    assert "Environment=REMAP_SIGTERM=SIGQUIT" in unit
    assert "KillMode=mixed" in unit, "systemd tells Celery, and Celery its children"
    image = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert " REMAP_SIGTERM=SIGQUIT " in image.partition("\nENV ")[2]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_it(unit: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd to ask")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
    # Here neither the programs nor the account are where the unit says.
    complaints = [line for line in done.stderr.splitlines() if unit.name in line and "is not executable" not in line]
    assert not complaints
