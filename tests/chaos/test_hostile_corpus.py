"""T15: hostile archives and texts are refused for a named reason, fast, in little memory, and write nothing to disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.plan import Measured
from tests.skills.test_archives import MIB

pytestmark = [pytest.mark.plan("T15"), pytest.mark.slow]
ROOT = Path(__file__).parents[2]
# CPU seconds for one of them; the guide's figure is one second, on a machine that does nothing else.
SECONDS = 3.0
GROWTH = 100 * MIB


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a process of its own says of each."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONDONTWRITEBYTECODE": "1"}
    environment = os.environ | settings | {"TMPDIR": str(tmp_path_factory.mktemp("t15"))}
    command = [sys.executable, "-m", "tests.chaos.corpus"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_each_is_refused_for_its_reason(told: list[dict[str, Any]], measured: Measured) -> None:
    slowest, growth = max(one["seconds"] for one in told), (told[-1]["peak"] - told[0]["peak"]) / MIB
    measured(f"{len(told)} files", f"at most {slowest:.2f} s of CPU each, {growth:.0f} MB in all")
    wrong = [f"{one['name']}: {one['said']}, not {one['wanted']}" for one in told if one["said"] != one["wanted"]]
    assert not wrong, "\n".join(wrong)
    assert len(told) >= 120
    assert len({one["name"] for one in told}) == len(told)


def test_none_takes_long(told: list[dict[str, Any]]) -> None:
    assert {one["name"]: one["seconds"] for one in told if one["seconds"] > SECONDS} == {}


def test_none_takes_much_memory(told: list[dict[str, Any]]) -> None:
    """The peak of the process, all cases in its hands beside the one that is read, against what it had at the first."""
    assert told[-1]["peak"] - told[0]["peak"] < GROWTH


def test_nothing_is_written(told: list[dict[str, Any]]) -> None:
    assert told[-1]["written"] == []
