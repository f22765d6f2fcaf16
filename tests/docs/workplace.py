"""A stranger's workplace: a copy of the repository, `make up` in it, and a shell that runs what the pages say."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from embedded.folder import DataFolder
from embedded.guildhall import HOST, free_port
from tests.docs.pages import ROOT, Block

START_SECONDS = 300
PAGE_SECONDS = 300
_LEFT_OUT = (".git", ".venv", "var", "_build", "node_modules", "staticfiles", ".*_cache", "__pycache__", ".hypothesis")
# What tests set and a stranger has not.
_OURS = ("DATABASE_URL", "REDIS_URL", "GUILDHALL_ENV", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "JWT_SIGNING_KEY")


@dataclass(frozen=True)
class Workplace:
    folder: Path
    port: int
    environment: Mapping[str, str]
    greeting: str  # what `make up` said

    def run(self, wanted: list[tuple[Block, Block | None]], instead: Mapping[str, str]) -> None:
        """Every block in one shell, which ends at the first that fails; what a page shows must have been printed.

        `instead` are words of the pages that are others here: addresses and nothing else.
        """
        script = "".join(f"printf '\\036{number}\\n'\n{block.text}" for number, (block, _) in enumerate(wanted))
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", moved(script, instead)],
            cwd=self.folder,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PAGE_SECONDS,
        )
        printed = re.split(r"\x1e\d+\n", done.stdout)[1:]
        reached = wanted[len(printed) - 1][0]
        assert done.returncode == 0, f"{reached} ended with {done.returncode}:\n{printed[-1]}"
        for (block, shown), output in zip(wanted, printed, strict=True):
            if shown is not None:
                assert has_shape(output, shown.text), f"{block} printed\n{output}\nwhich is not like\n{shown.text}"


def moved(text: str, instead: Mapping[str, str]) -> str:
    """The page's words with ours in their place."""
    for theirs, ours in instead.items():
        text = text.replace(theirs, ours)
    return text


def has_shape(output: str, shown: str) -> bool:
    """Whether the lines shown are all there, in order; `…` stands for anything within a line, alone for any lines."""
    left = iter(output.splitlines())
    return all(
        any(re.fullmatch(re.escape(line.strip()).replace("…", ".*"), one.strip()) for one in left)
        for line in shown.splitlines()
        if line.strip(" …")
    )


@contextmanager
def workplace(folder: Path, data: Path, start: str) -> Iterator[Workplace]:
    """What the shell makes of `start`, on two ports of its own, until the end; its data are in `data`."""
    copy = folder / "guildhall"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    (copy / ".venv").symlink_to(ROOT / ".venv")
    command = folder / "bin" / "guildhall"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={copy}/sdks/python/src exec {sys.executable} -m guildhall "$@"\n')
    command.chmod(0o755)
    port = _two_free_ports()
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    environment |= {
        "PORT": str(port),
        "DATA_DIR": str(data),
        "PYTHON": sys.executable,
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        # A page that installs something would change the Python of this machine.
        "PIP_REQUIRE_VIRTUALENV": "1",
        "GUILDHALL_MODEL_DIR": os.environ.get("GUILDHALL_MODEL_DIR", str(ROOT / "var" / "models")),
    }
    said = folder / "up.log"
    with said.open("w") as log:
        up = subprocess.Popen(
            ["bash", "-c", start],
            cwd=copy,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_hear_interrupts,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while "Try:" not in said.read_text():
            assert up.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.2)
        yield Workplace(copy, port, environment, said.read_text())
    finally:
        if instance := DataFolder(data).read_instance():
            os.kill(instance["pid"], signal.SIGTERM)
        elif up.poll() is None:
            up.terminate()
        up.wait(60)


def _two_free_ports() -> int:
    """The first; the other follows it."""
    while True:
        first = free_port()
        with suppress(OSError), socket.socket() as probe:
            probe.bind((HOST, first + 1))
            return first


def _hear_interrupts() -> None:
    """A runner in the background passes on that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
