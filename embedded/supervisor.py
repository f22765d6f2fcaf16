"""Starts processes in order, restarts those that fall, and stops all of them by turns."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from embedded import processes
from embedded.errors import Failed, StopRequested
from embedded.processes import Process
from embedded.progress import say

POLL_SECONDS = 0.1
BACKOFF_SECONDS = (0.0, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 3.0  # one that lived this long had started well: its next restart is immediate
IMPATIENCE_SECONDS = 1.0  # a second Ctrl-C after this time means "now"


@dataclass
class _Child:
    process: Process
    popen: subprocess.Popen[bytes]
    started_at: float
    falls: int = 0
    restart_at: float | None = None


class Supervisor:
    """A context: on leaving it nothing that it started is left. Signals are taken over while it lasts.

    lock: a descriptor that the guardian keeps open until the last orphan is gone (the data folder's lock).
    """

    def __init__(self, logs: Path, lock: int | None = None, report: Callable[[str], None] = say) -> None:
        self._logs, self._lock, self._report = logs, lock, report
        self._children: dict[str, _Child] = {}
        self._stop_requested_at: float | None = None
        self._stop_signal = 0
        self._hurry = False
        self._handlers: dict[int, object] = {}
        self._guardian: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays in force
                self._handlers[number] = signal.signal(number, self._request_stop)
        self._guardian = subprocess.Popen(
            [sys.executable, "-S", "-E", "-m", "embedded.guardian"],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            pass_fds=() if self._lock is None else (self._lock,),
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._guardian and self._guardian.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._guardian.stdin.close()
            self._guardian.wait()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def start(self, *started: Process) -> None:
        """Start them at once and return when each is ready; raises Failed with the log of the one that is not."""
        for process in started:
            self._spawn(process)
        waiting = {process.name: process for process in started}
        while waiting:
            for name, process in list(waiting.items()):
                if self._is_ready(process):
                    self._report(f"{name} ready")
                    del waiting[name]
            if waiting:
                self.pause()

    def run(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """Run a step to its end; raises Failed with its last lines if it does not end well."""
        self._spawn(Process(name, command, environment))
        child = self._children[name].popen
        while child.poll() is None:
            self.pause()
        self._forget(name)
        if child.returncode:
            raise Failed(f"{name} failed (exit code {child.returncode}):\n{processes.last_lines(self._log(name))}")
        self._report(f"{name} done")

    def run_in_terminal(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
        """Run a step that speaks to the person and hears their Ctrl-C itself; its exit code."""
        child = subprocess.Popen(command, env=dict(environment), preexec_fn=processes.die_with_parent(signal.SIGKILL))
        try:
            while child.poll() is None:
                self._check_children()
                self.pause()
        except StopRequested:
            self._wait_for_own_ending(child)
            raise
        finally:
            processes.end(child, signal.SIGINT, 5)
        return child.returncode

    def watch(self) -> None:
        """Keep everything running; ends only by StopRequested or Failed."""
        while True:
            self.pause()
            self._check_children()

    def stop(self) -> None:
        """Stop turn by turn; each has its own limit before it is killed."""
        self._stop_requested_at = self._stop_requested_at or time.monotonic()
        latest_first = reversed(list(self._children.items()))
        for name, child in sorted(latest_first, key=lambda item: item[1].process.stop_turn):
            if child.restart_at is None:
                self._end(child)
            self._forget(name)

    def pids(self) -> dict[str, int]:
        return {name: child.popen.pid for name, child in self._children.items()}

    def pause(self) -> None:
        """Wait a moment; raises StopRequested when a signal has come."""
        if self._stop_requested_at is None:
            time.sleep(POLL_SECONDS)
        if self._stop_requested_at is not None:
            raise StopRequested

    def _end(self, child: _Child) -> None:
        process = child.process
        if not processes.end(child.popen, process.stop_signal, process.stop_seconds, lambda: self._hurry):
            self._report(f"{process.name} was still busy and has been killed")

    def _wait_for_own_ending(self, child: subprocess.Popen[bytes]) -> None:
        """A Ctrl-C in the terminal has reached the child too: a second one would break its tidying up."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(2 if self._stop_signal == signal.SIGINT else 0)

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._stop_requested_at is None:
            self._stop_requested_at, self._stop_signal = now, number
        elif number == signal.SIGINT and now - self._stop_requested_at > IMPATIENCE_SECONDS:
            self._hurry = True  # (make passes one SIGTERM on twice; only a person repeats Ctrl-C)

    def _is_ready(self, process: Process) -> bool:
        child = self._children[process.name]
        if child.popen.poll() is None:
            if time.monotonic() - child.started_at > process.ready_seconds:
                raise Failed(f"{process.name} was not ready in {process.ready_seconds:g} s:\n{self._tail(process)}")
            return process.ready()
        processes.kill_group(child.popen.pid)
        if process.retry_start_on and process.retry_start_on in self._tail(process) and child.falls < 10:
            time.sleep(0.5)
            self._spawn(process, falls=child.falls + 1)
            return False
        raise Failed(f"{process.name} did not start (exit code {child.popen.returncode}):\n{self._tail(process)}")

    def _check_children(self) -> None:
        for child in list(self._children.values()):
            if child.restart_at is not None:
                if time.monotonic() >= child.restart_at:
                    self._spawn(child.process, falls=child.falls)
            elif child.popen.poll() is not None:
                self._fallen(child)

    def _fallen(self, child: _Child) -> None:
        process, now = child.process, time.monotonic()
        processes.kill_group(child.popen.pid)
        self._tell_guardian(f"- {child.popen.pid}")
        how = _ending(child.popen.returncode)
        if process.essential:
            raise Failed(f"{process.name} ended ({how}); nothing can go on without it:\n{self._tail(process)}")
        child.falls = 0 if now - child.started_at > STEADY_SECONDS else child.falls + 1
        delay = BACKOFF_SECONDS[min(child.falls, len(BACKOFF_SECONDS) - 1)]
        child.restart_at = now + delay
        self._report(f"{process.name} ended ({how}); starting it again" + (f" in {delay:g} s" if delay else ""))

    def _spawn(self, process: Process, falls: int = 0) -> None:
        log = self._log(process.name)
        if process.name in self._children:
            self._forget(process.name)
        else:
            with contextlib.suppress(FileNotFoundError):
                log.replace(log.with_suffix(".log.1"))
        popen = processes.spawn(process, log)
        self._children[process.name] = _Child(process, popen, time.monotonic(), falls)
        self._tell_guardian(f"+ {popen.pid} {process.orphan_signal.value}")

    def _forget(self, name: str) -> None:
        child = self._children.pop(name)
        self._tell_guardian(f"- {child.popen.pid}")

    def _tell_guardian(self, line: str) -> None:
        # Without a guardian the children still have their death signal.
        if self._guardian and self._guardian.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._guardian.stdin.write(f"{line}\n")
                self._guardian.stdin.flush()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _tail(self, process: Process) -> str:
        return processes.last_lines(self._log(process.name))


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
