"""The command `guildhall` as people and scripts use it: a process of its own against a live server."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from tests.sdks.conftest import Server
from tests.sdks.terminal import Terminal

ROOT = Path(settings.BASE_DIR)
COMMAND = [sys.executable, "-m", "guildhall"]
TASK = "Create a skill about writing database migrations that can be rolled back, for backend developers"
OPEN_TASK = "Create a skill about things"
TIMEOUT = 180


@dataclass
class Program:
    """The command with a home of its own; signed in by the environment where there is a key."""

    home: Path
    url: str = ""
    key: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUILDHALL_", "XDG_"))}
        signed_in = {"GUILDHALL_URL": self.url, "GUILDHALL_KEY": self.key}
        return kept | {
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "PYTHONPATH": str(ROOT / "sdks" / "python" / "src"),
            "TERM": "xterm",
            "COLUMNS": "120",
            **{name: value for name, value in signed_in.items() if value},
        }

    def run(self, *words: str | Path, code: int = 0, typed: str = "", **environment: str) -> str:
        """Standard output; with another exit code than expected the test fails, and a traceback is never right."""
        done = subprocess.run(
            [*COMMAND, *map(str, words)],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment | environment,
            timeout=TIMEOUT,
            cwd=self.home,
        )
        assert done.returncode == code, f"{words} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        self.said = done.stderr
        return done.stdout

    def json(self, *words: str | Path, code: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", code=code))

    def refused(self, *words: str | Path, code: int, **environment: str) -> str:
        """The one line that a failure is; nothing is on standard output."""
        assert self.run(*words, code=code, **environment) == ""
        [line] = self.said.splitlines()
        assert line.startswith("guildhall: ")
        return line

    def stopped(self, *words: str | Path, code: int) -> str:
        """As `refused`, after the job has told how far it came."""
        assert self.run(*words, code=code) == ""
        line = self.said.splitlines()[-1]
        assert line.startswith("guildhall: ")
        return line


@pytest.fixture
def ours(server: Server, tmp_path: Path) -> Program:
    (tmp_path / "ours").mkdir()
    return Program(tmp_path / "ours", server.url, server.key)


@pytest.fixture
def other(server: Server, tmp_path: Path) -> Program:
    (tmp_path / "other").mkdir()
    return Program(tmp_path / "other", server.url, server.others_key)


@pytest.fixture
def stranger(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def terminal(ours: Program) -> Iterator[Any]:
    opened: list[Terminal] = []

    def open_terminal(*words: str) -> Terminal:
        opened.append(Terminal([*COMMAND, *words], ours.environment))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.close()


@pytest.mark.slow
def test_from_a_wish_to_a_folder(ours: Program, other: Program, terminal: Any) -> None:
    slug = _written(terminal("create", OPEN_TASK))
    _installed(ours, slug)
    _versioned(ours, slug)
    _traded(ours, other, slug)


def _written(screen: Terminal) -> str:
    """The main job at a terminal: questions, a plan, a preview that is sent back once, a review, the promotion."""
    revised = False
    while True:
        asked = screen.expect("words of your own:", "Your answer:", "ancel [p]:", "[Y/n]:")
        if asked == "ancel [p]:" and "Preview" in screen.shown and not revised:
            revised = True
            screen.type("nonsense\n")
            screen.expect("That is none of them.")
            screen.expect("ancel [p]:")
            screen.type("r\n")
            screen.expect("What should be otherwise:")
            screen.type("Add an example about a large table\n")
        elif asked == "ancel [p]:":
            screen.type("\n")
        elif asked == "[Y/n]:":
            screen.type("y\n")
            break
        else:
            screen.type("1\n")
    code, output = screen.end()
    assert (code, output) == (0, ""), screen.shown
    assert "1. " in screen.shown, "the options of a question are numbered"
    assert screen.shown.count("─ Preview ─") == 2
    assert "─ Plan ─" in screen.shown
    assert "─ Review ─" in screen.shown
    [line] = [line for line in screen.shown.splitlines() if "is a skill now" in line]
    return line.split()[0]


def _installed(ours: Program, slug: str) -> None:
    skill = ours.json("show", slug)
    assert ours.json("search", slug)["skills"][0]["slug"] == slug
    target = ours.home / "skills" / slug
    written = ours.json("install", slug, "--to", ours.home / "skills")
    assert (written["status"], written["path"], written["version"]) == ("written", str(target), "1.0.0")
    assert (target / "SKILL.md").read_text() == skill["content"]
    assert ours.run("show", slug) == skill["content"], "what is piped is what is stored"
    assert ours.json("install", slug, "--to", ours.home / "skills")["status"] == "unchanged"
    (target / "SKILL.md").write_text("Mine\n")
    (target / "more.txt").write_text("Mine as well\n")
    assert "--force" in ours.refused("install", slug, "--to", ours.home / "skills", code=1)
    assert (target / "SKILL.md").read_text() == "Mine\n"
    assert ours.json("install", slug, "--to", ours.home / "skills", "--force")["status"] == "replaced"
    assert [path.name for path in target.iterdir()] == ["SKILL.md"]
    assert sorted(path.name for path in target.parent.iterdir()) == [slug], "nothing passing is left behind"


def _versioned(ours: Program, slug: str) -> None:
    """Exported, changed, imported: the next version, and what it changed."""
    exported = ours.json("export", ours.home / "export")
    assert exported["counts"] == {"written": 1}
    text = ours.home / "export" / slug / "SKILL.md"
    assert ours.json("import", ours.home / "export")["counts"] == {"unchanged": 1}
    text.write_text(text.read_text() + "\nOne more thing.\n")
    assert ours.json("import", ours.home / "export")["counts"] == {"updated": 1}
    assert [one["version"] for one in ours.json("versions", slug)["versions"]] == ["1.0.1", "1.0.0"]
    assert "+One more thing." in ours.run("diff", slug, "1.0.0").splitlines()
    assert ours.json("diff", slug, "1.0.0", "1.0.1")["to"] == "1.0.1"
    older = ours.json("install", slug, "--to", ours.home / "old", "--version", "1.0.0")
    assert "One more thing." not in Path(older["path"], "SKILL.md").read_text()


def _traded(ours: Program, other: Program, slug: str) -> None:
    skill = ours.json("show", slug)
    ours.run("publish", slug)
    [offer] = other.json("marketplace", "search", skill["name"])["offers"]
    copy = other.json("marketplace", "install", offer["id"], "--to", other.home / "skills")
    assert Path(copy["path"], "SKILL.md").read_text() == skill["content"]
    assert "already installed" in other.refused("marketplace", "install", offer["id"], code=1)
    assert other.json("marketplace", "updates") == {"updates": []}
    folder = ours.home / "export"
    (folder / slug / "SKILL.md").write_text(skill["content"] + "\nAnd another.\n")
    ours.run("import", folder)
    [update] = other.json("marketplace", "updates")["updates"]
    assert (update["installed"], update["available"]) == ("1.0.1", "1.0.2")
    assert other.json("marketplace", "pull", copy["slug"])["id"] == copy["id"]
    assert "And another." in other.run("show", copy["slug"])
    ours.run("unpublish", slug)
    assert other.json("marketplace", "search", skill["name"]) == {"offers": []}
    other.refused("show", skill["id"], code=4)


@pytest.mark.slow
def test_jobs_from_a_script(ours: Program) -> None:
    """Without a terminal: questions wait in the inbox, are answered by options, and the job is taken up again."""
    assert "inbox answer" in ours.stopped("create", TASK, code=6)
    [waiting] = ours.json("inbox")["jobs"]
    job = waiting["job_id"]
    assert (waiting["status"], waiting["task"]) == ("pending_hitl", TASK)
    asked = ours.json("inbox", "show", job)
    assert asked["kind"] == "confirm"
    assert "Plan" in _said(ours, "inbox", "show", job)
    ours.refused("inbox", "answer", job, code=2)
    ours.refused("inbox", "answer", job, "--proceed", "--cancel", code=2)
    assert ours.json("inbox", "answer", job, "--proceed")["status"] in ("accepted", "received")
    done = ours.json("jobs", "follow", job, "--yes", "--promote")
    assert (done["status"], done["progress"], done["skill"]["version"]) == ("completed", 100, "1.0.0")
    assert ours.run("inbox") == ""
    assert ours.json("jobs", "show", job)["content"].startswith("---")
    ours.refused("inbox", "answer", job, "--proceed", code=4)

    started = ours.run("create", "Create a skill about triage of accessibility reports", "--no-wait").strip()
    assert [one["job_id"] for one in ours.json("jobs", "list")["jobs"]] == [started, job]
    assert ours.run("jobs", "list", "--status", "completed").split("\t")[:2] == [job, "completed"]
    ours.run("jobs", "cancel", started, "--reason", "Not needed")
    assert "was cancelled" in ours.stopped("jobs", "follow", started, code=1)
    assert ours.json("jobs", "show", started)["status"] == "cancelled"


def _said(program: Program, *words: str) -> str:
    program.run(*words)
    return program.said


def test_folders_go_in_and_out_byte_for_byte(ours: Program) -> None:
    kit = ours.home / "kits" / "sweep-floors"
    (kit / "scripts").mkdir(parents=True)
    (kit / "SKILL.md").write_bytes(b"---\nname: sweep-floors\ndescription: Sweeps: floors\n---\r\n# Sweep\r\n")
    (kit / "logo.png").write_bytes(bytes(range(256)))
    (kit / "empty.txt").write_bytes(b"")
    (kit / "scripts" / "run.sh").write_bytes(b"#!/bin/sh\necho swept\n")
    (kit / "scripts" / "run.sh").chmod(0o755)
    (kit / ".git").mkdir()
    (kit / ".git" / "config").write_text("not this\n")
    (kit / "leak").symlink_to("/etc/hostname")
    broken = ours.home / "kits" / "broken"
    broken.mkdir()
    (broken / "SKILL.md").write_bytes(b"\xff\xfe")

    told = ours.json("import", ours.home / "kits", code=1)
    assert told["counts"] == {"imported": 1, "refused": 1}
    assert told["skills"][0]["notes"] == ["SKILL.md is no UTF-8 text"]
    assert ours.json("show", "sweep-floors")["description"] == "Sweeps: floors"
    ours.run("install", "sweep-floors", "--to", ours.home / "out")
    assert "scripts/run.sh" in ours.said, "programs are named, to be read before they are run"
    for path in ("SKILL.md", "logo.png", "empty.txt", "scripts/run.sh"):
        copy = ours.home / "out" / "sweep-floors" / path
        assert copy.read_bytes() == (kit / path).read_bytes(), path
        assert copy.stat().st_mode & stat.S_IXUSR == (kit / path).stat().st_mode & stat.S_IXUSR
    assert not (ours.home / "out" / "sweep-floors" / "leak").exists()
    assert ours.json("import", ours.home / "out")["counts"] == {"unchanged": 1}

    documents = ours.home / "mine" / "sweep-floors"
    documents.mkdir(parents=True)
    (documents / "diary.txt").write_text("Dear diary\n")
    ours.refused("install", "sweep-floors", "--to", ours.home / "mine", "--force", code=1)
    assert (documents / "diary.txt").exists(), "--force replaces skills and nothing else"


def test_signing_in_and_what_goes_wrong(server: Server, stranger: Program, other: Program) -> None:
    stranger.refused("whoami", code=3)
    stranger.refused("login", server.url, code=2)
    stranger.run("login", server.url, "--key-stdin", typed="kam_wrong\n", code=3)
    stranger.refused("whoami", code=3)
    stranger.run("login", server.url, "--key-stdin", typed=f"{server.key}\n")
    kept = stranger.home / "config" / "guildhall" / "credentials.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert server.key not in stranger.said
    told = stranger.json("whoami")
    assert (told["client_id"], told["role"], told["source"]) == ("42", "manager", str(kept))
    by_environment = stranger.run("whoami", "--json", GUILDHALL_URL=server.url, GUILDHALL_KEY=server.others_key)
    assert json.loads(by_environment)["client_id"] == "99"
    elsewhere = stranger.refused("whoami", code=3, GUILDHALL_URL="http://localhost:1")
    assert "not signed in to http://localhost:1" in elsewhere, "a kept key goes to no address but its own"

    findings = {one["check"]: one for one in stranger.json("doctor")["findings"]}
    assert {one["state"] for one in findings.values()} <= {"ok", "warning"}
    assert (findings["clock"]["state"], findings["key"]["state"]) == ("ok", "ok")
    assert "database: reachable" in findings["readiness"]["told"]

    assert "at least 10 characters" in stranger.refused("create", "Too few", code=1)
    assert "marketplace search" in stranger.refused("show", "no-such-skill", code=4)
    stranger.refused("versions", "no-such-skill", code=4)
    stranger.refused("jobs", "show", str(uuid4()), code=4)
    stranger.refused("import", stranger.home / "nothing", code=4)
    stranger.refused("install", "no-such-skill", "--to", stranger.home / "skills", code=4)
    assert not (stranger.home / "skills").exists()
    stranger.run("logout")
    assert not kept.exists()
    stranger.run("doctor", code=3)


def test_a_server_that_is_not_there(stranger: Program) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        stranger.url, stranger.key = f"http://127.0.0.1:{probe.getsockname()[1]}", "kam_x"
    assert "guildhall doctor" in stranger.refused("list", code=5)
    assert stranger.json("doctor", code=5)["findings"][-1]["check"] == "server"
    stranger.refused("list", code=2, GUILDHALL_URL="example.com")


@pytest.mark.parametrize("words", [("no-such-command",), ("search",), ("jobs", "show", "no-uuid"), ("install", "x")])
def test_wrong_usage(words: tuple[str, ...], stranger: Program) -> None:
    assert stranger.run(*words, code=2) == ""
    assert "Usage: guildhall" in stranger.said


@pytest.mark.parametrize(("preference", "is_red"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["colours", "none"])
def test_colours_are_for_those_who_want_them(preference: dict[str, str], is_red: bool, stranger: Program) -> None:
    screen = Terminal([*COMMAND, "list"], stranger.environment | preference)
    assert screen.end() == (3, "")
    assert screen.shown.startswith("guildhall: You are not signed in")
    assert ("\x1b[31m" in screen.coloured) is is_red
    screen.close()


def test_help_version_and_completion(stranger: Program) -> None:
    assert "Exit codes" in stranger.run("--help")
    assert stranger.run("--version").startswith("guildhall ")
    completed = stranger.run(_GUILDHALL_COMPLETE="complete_bash", COMP_WORDS="guildhall market", COMP_CWORD="1")
    assert completed.split() == ["marketplace"]


def test_the_reference_is_current(tmp_path: Path) -> None:
    """`make sdks` after every change of the commands."""
    subprocess.run([sys.executable, "sdks/reference.py", tmp_path / "cli.md"], check=True, cwd=ROOT)
    assert (tmp_path / "cli.md").read_text() == (ROOT / "docs" / "reference" / "cli.md").read_text()
