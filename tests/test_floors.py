"""The floors hold, and each contract of import-linter breaks when somebody crosses it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
# For each contract: a module that crosses it, and the line with which it does.
VIOLATIONS = {
    "Imports go down the floors only": ("core/planted.py", "import taxonomy.models"),
    "The contracts do not know each other": ("api/agent/planted.py", "import api.fleet.views"),
    "The catalogue shows pages and speaks no contract": ("catalogue/planted.py", "import api.health"),
    "embedded stands apart": ("embedded/planted.py", "import core.errors"),
    "Nobody imports embedded": ("accounts/planted.py", "import embedded.postgres"),
    "No domain app speaks HTTP": ("skills/planted.py", "import rest_framework.views"),
    "Only the producer talks to Kafka": ("outbox/services.py", "import confluent_kafka"),
    "Models run in inference only": ("skills/planted.py", "import openai"),
    "What is counted and traced passes core": ("jobs/planted.py", "import prometheus_client"),
    "Inside operations: commands, doctor and probes, health": ("operations/health.py", "import operations.doctor"),
    "Inside jobs: admin and commands, services, tasks, runner, steps, models, states": (
        "jobs/states.py",
        "import jobs.services",
    ),
    "Inside skills: commands, services, files, models": ("skills/models.py", "import skills.services"),
    "Inside the small apps: admin and commands, services, models": ("taxonomy/models.py", "import taxonomy.services"),
    "Inside analytics: services and recommendations, reports and events, models": (
        "analytics/models.py",
        "import analytics.services",
    ),
    "Inside marketplace: admin, services, models": ("marketplace/models.py", "import marketplace.services"),
    "Inside conversations: services, turns, rules, actions, models": (
        "conversations/models.py",
        "import conversations.services",
    ),
    "Inside outbox: admin and commands, relay, producer, services, models": (
        "outbox/models.py",
        "import outbox.relay",
    ),
}


def lint(folder: Path) -> dict[str, str]:
    """Runs import-linter in `folder`; maps each contract's name to KEPT or BROKEN."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    output = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120).stdout
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", output, re.MULTILINE))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("floors")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in SETTINGS["root_packages"]:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "system_skills"))
    return folder


def test_every_contract_holds(copy: Path) -> None:
    verdicts = lint(copy)
    assert set(verdicts) == {contract["name"] for contract in SETTINGS["contracts"]}
    assert set(verdicts.values()) == {"KEPT"}


def test_every_contract_breaks_on_a_planted_violation(copy: Path) -> None:
    assert set(VIOLATIONS) == {contract["name"] for contract in SETTINGS["contracts"]}, "a contract without its proof"
    for path, line in VIOLATIONS.values():
        with (copy / path).open("a") as module:
            module.write(f"\n{line}\n")
    assert lint(copy) == dict.fromkeys(VIOLATIONS, "BROKEN")
