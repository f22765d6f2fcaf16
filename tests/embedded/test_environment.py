"""The environment is installed once per lock, and never loses its development tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from embedded import environment
from embedded.environment import DEVELOPMENT_LOCK, ROOT, RUNTIME_LOCK


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose `.venv` has a Python and no stamp yet."""
    for lock in (RUNTIME_LOCK, DEVELOPMENT_LOCK):
        (tmp_path / lock).write_text(lock)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    for name, path in (
        ("ROOT", tmp_path),
        ("PYTHON", python),
        ("STAMP", tmp_path / ".venv" / "stamp"),
        ("DEVELOPMENT_TOOL", python.with_name("pytest")),
    ):
        monkeypatch.setattr(environment, name, path)
    return tmp_path


@pytest.mark.parametrize(
    ("installed", "development", "expected"),
    [
        ((), False, RUNTIME_LOCK),
        ((), True, DEVELOPMENT_LOCK),
        ((RUNTIME_LOCK,), False, None),
        ((RUNTIME_LOCK,), True, DEVELOPMENT_LOCK),
        ((DEVELOPMENT_LOCK,), True, None),
        ((DEVELOPMENT_LOCK,), False, None),
    ],
)
def test_what_is_installed(project: Path, installed: tuple[str, ...], development: bool, expected: str | None) -> None:
    environment.STAMP.write_text(json.dumps({lock: environment._digest(lock) for lock in installed}))

    assert environment._lock_to_install(development=development) == expected


def test_an_environment_of_ones_own_making_keeps_its_development_tools(project: Path) -> None:
    environment.DEVELOPMENT_TOOL.touch()

    assert environment._lock_to_install(development=False) == DEVELOPMENT_LOCK


def test_a_changed_lock_is_installed_again_with_the_development_tools(project: Path) -> None:
    environment.STAMP.write_text(json.dumps({DEVELOPMENT_LOCK: environment._digest(DEVELOPMENT_LOCK)}))
    (project / DEVELOPMENT_LOCK).write_text("changed")

    assert environment._lock_to_install(development=False) == DEVELOPMENT_LOCK


def test_an_environment_without_its_python_is_made_anew(project: Path) -> None:
    environment.STAMP.write_text(json.dumps({RUNTIME_LOCK: environment._digest(RUNTIME_LOCK)}))
    environment.PYTHON.unlink()

    assert environment._lock_to_install(development=False) == RUNTIME_LOCK


def test_the_doors_open_with_the_standard_library_only() -> None:
    """Everything is importable by a Python that has no packages at all (-S: not even the site folder)."""
    modules = sorted(path.stem for path in (ROOT / "embedded").glob("[a-z]*.py"))
    assert "doors" in modules

    imports = "; ".join(f"import embedded.{module}" for module in modules)
    subprocess.run([sys.executable, "-S", "-c", imports], cwd=ROOT, check=True)
