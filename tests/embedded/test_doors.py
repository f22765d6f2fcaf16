"""What the doors refuse before they start anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from embedded.doors import manage_running
from embedded.errors import Refused


def test_a_command_needs_a_running_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nobody-runs-here"))
    with pytest.raises(Refused, match="make up"):
        manage_running(["check"])
