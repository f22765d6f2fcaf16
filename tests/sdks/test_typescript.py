"""The TypeScript client against a live server, by its own program (sdks/typescript/test/main.ts)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.sdks.conftest import Server

SDK = Path(settings.BASE_DIR) / "sdks" / "typescript"
CONTRACTS = ("fleet", "code", "agent")


@pytest.fixture(scope="module")
def packages() -> None:
    """What package-lock.json names, fetched where it is not there."""
    if shutil.which("npm") is None:
        pytest.skip("no node on this machine")
    if (SDK / "node_modules" / ".package-lock.json").exists():
        return
    fetched = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=SDK, capture_output=True, text=True
    )
    if fetched.returncode:
        pytest.skip(f"npm ci fetched no packages: {fetched.stderr[-300:]}")


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=SDK, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{done.stdout[-3000:]}{done.stderr[-3000:]}"


@pytest.mark.slow
def test_from_a_wish_to_an_installed_copy(packages: None, server: Server, tmp_path: Path) -> None:
    """The whole is compiled strictly first; the stream of the job is cut twice."""
    (tmp_path / "node_modules").symlink_to(SDK / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    run("npx", "--no-install", "tsc", "--outDir", str(tmp_path / "built"))
    run("node", str(tmp_path / "built" / "test" / "main.js"), server.url, server.key, server.others_key)


def test_the_generated_types_are_current(packages: None, tmp_path: Path) -> None:
    for contract in CONTRACTS:
        source, target = Path(settings.BASE_DIR) / "docs" / "openapi" / f"{contract}.json", tmp_path / f"{contract}.ts"
        run("npx", "--no-install", "openapi-typescript", str(source), "-o", str(target), "--default-non-nullable=false")
        assert target.read_text() == (SDK / "src" / f"{contract}.ts").read_text(), "run `make sdks`"


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((SDK / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
