"""What the doors refuse before they start anything."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from embedded import doors
from embedded.doors import manage_running
from embedded.errors import PortTaken, Refused, ToolMissing
from embedded.guildhall import HOST, Scale, wanted_port
from embedded.kafka import fetch_broker


def test_a_command_needs_a_running_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nobody-runs-here"))
    with pytest.raises(Refused, match="make up"):
        manage_running(["check"])


def test_a_real_broker_needs_java_and_maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="Java 17"):
        fetch_broker()
    program(tmp_path / "java", "echo 'openjdk version \"11.0.2\"' >&2")
    with pytest.raises(ToolMissing, match="not 11"):
        fetch_broker()
    program(tmp_path / "java", "echo 'openjdk version \"21.0.2\"' >&2")
    with pytest.raises(ToolMissing, match="Maven"):
        fetch_broker()
    program(tmp_path / "mvn", "echo 'no network'; exit 1")
    with pytest.raises(ToolMissing, match="no network"):
        fetch_broker()


def program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def test_how_many_of_each_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALE", "web=2  worker=3")
    scale = Scale.wanted()
    assert scale == Scale(web=2, worker=3, relay=1, beat=1)
    assert scale.ports(8000) == [8000, 8001]


@pytest.mark.parametrize("scale", ["web", "web=", "web=0", "worker=17", "redis=2", "web=-1", "web=٢"])
def test_what_cannot_be_scaled_is_named(scale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALE", f"beat=2 {scale}")
    with pytest.raises(Refused, match=scale):
        Scale.wanted()


def test_each_web_needs_a_port_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port - 1))
        with pytest.raises(PortTaken, match=str(port)):
            wanted_port(Scale(web=2))
    monkeypatch.setenv("PORT", "65535")
    with pytest.raises(Refused, match="1 to 65534"):
        wanted_port(Scale(web=2))


def test_chaos_is_the_whole_plan_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def run(words: Sequence[str], extra: Mapping[str, str]) -> int:
        asked.append((list(words), dict(extra)))
        return 1

    monkeypatch.setattr(doors, "_run_tests", run)
    assert doors.chaos(["-k", "T9"]) == 1, "a missed threshold is the door's exit code too"
    assert asked == [(["-m", "plan", "-k", "T9"], {"GUILDHALL_CHAOS": "full"})]
