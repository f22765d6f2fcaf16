"""The test plan as a pytest plugin: what each part must show, how many trials it takes, and the table at the end.

A test says which part it belongs to (`@pytest.mark.plan("T5")`) and what it found (the fixture `measured`). With
GUILDHALL_CHAOS=full, as `make chaos` sets it, trials are as many as the plan asks for, and a part that no test ran is
missed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest

FULL = os.environ.get("GUILDHALL_CHAOS") == "full"
# No test is begun after this; the longest one, the soak, is over before half an hour is.
LIMIT_SECONDS = 24 * 60


@dataclass(frozen=True)
class Part:
    """One row of the plan."""

    name: str
    threshold: str


PLAN = {
    "T1": Part("worker_kill", "all jobs done once, 0 gaps, at most 5 crashes a step, 120 s; a naive task loses work"),
    "T2": Part("redis_empty", "as T1 while Redis dies and comes back empty; creating p99 < 1 s without Redis"),
    "T3": Part("zombie_worker", "0 doubles; who was stopped past its lease writes nothing"),
    "T4": Part("approver_race", "one decides, the other is told so, 0 doubles; reading before writing doubles"),
    "T5": Part("install_race", "1 x 201, all others 409, 1 copy, 0 x 500"),
    "T6": Part("publish_race", "the last event of a key = the database; order of a key = the audit log's"),
    "T7": Part("kafka_outage", "0 lost, 0 out of order, 0 twice after event_id, drained in 30 s, publish p99 < 500 ms"),
    "T8": Part("sse_resume", "0 lost, 0 twice, in order"),
    "T9": Part("db_restart", "all jobs done once; 503 in each contract's shape, no 500; no worker dies"),
    "T10": Part("deploy_mid_flight", "all jobs done; no finished step repeated; the old worker stops in 45 s"),
    "T11": Part("schema_fuzz", "0 x 5xx, 0 undocumented statuses, 0 errors that are not JSON"),
    "T12": Part("tenant_matrix", "0 leaks; a route without an entry fails"),
    "T13": Part("restore_drill", "the copy is identical, makes new rows and finishes a pending job"),
    "T14": Part("soak", "RSS < 1 MB/min and < 10 % after the start, connections flat, 0 x 5xx, p95 < 300 ms"),
    "T15": Part("hostile_corpus", "each file refused by name within 1 s and 100 MB"),
    "T16": Part("hitl_timeout_cancel", "the right final state, late answers refused, nothing stuck for 2 sweeps"),
    "T17": Part("immutability", "refused by every way, digests unchanged"),
    "T18": Part("token_and_throttle", "as each case states"),
    "T19": Part("audit_complete", "1 line for each success; the log cannot be rewritten"),
}


def trials(few: int, *, full: int) -> int:
    """How many: `few` in `make test`, `full` in `make chaos`."""
    return full if FULL else few


Measured: TypeAlias = Callable[[str, str], None]


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Measured:
    """`measured(trials, result)`: two short texts for the table, such as ("200 jobs, 8 kills", "200 done in 44 s")."""

    def note(done: str, result: str) -> None:
        request.node.user_properties += [("trials", done), ("measured", result)]

    return note


@dataclass
class Row:
    """What the tests of one part came to."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: int = 0
    trials: list[str] = field(default_factory=list)
    measured: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.failed:
            return "MISSED"
        return "met" if self.passed else "NOT RUN"

    def add(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid.rpartition("::")[2])
        elif report.skipped:
            self.skipped += 1
        elif report.when == "call":
            self.passed += 1
        if report.when == "call":
            self.trials += [str(value) for name, value in report.user_properties if name == "trials"]
            self.measured += [str(value) for name, value in report.user_properties if name == "measured"]

    def cells(self) -> tuple[str, str]:
        """Trials and measured; a part whose tests measure nothing counts them."""
        counted = f"{self.passed} passed" + (f", {self.skipped} skipped" if self.skipped else "")
        told = [*dict.fromkeys(self.measured), *(f"failed: {name}" for name in self.failed)] or [counted]
        return "; ".join(self.trials) or f"{self.passed + len(self.failed)} tests", "; ".join(told)


def table_of(rows: dict[str, Row]) -> Iterator[str]:
    yield "| T | name | trials | threshold | measured | verdict |"
    yield "|---|---|---|---|---|---|"
    for number, part in PLAN.items():
        row = rows[number]
        done, result = row.cells()
        yield f"| {number} | {part.name} | {done} | {part.threshold} | {result} | {row.verdict} |"


class Table:
    """Collects reports, also those of other processes, and prints the table of a full run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.began = time.monotonic()
        self.rows = {number: Row() for number in PLAN}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for number in (str(value) for name, value in report.user_properties if name == "plan"):
            self.rows[number].add(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A part that did not run is missed, unless somebody chose what to run."""
        chosen = self.config.option.keyword or self.config.option.collectonly
        if not chosen and any(row.verdict == "NOT RUN" for row in self.rows.values()):
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        minutes = (time.monotonic() - self.began) / 60
        terminalreporter.section(f"the test plan, {minutes:.1f} min")
        for line in table_of(self.rows):
            terminalreporter.write_line(line)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        if time.monotonic() - self.began > LIMIT_SECONDS:
            pytest.exit(f"the plan took longer than {LIMIT_SECONDS // 60} minutes", pytest.ExitCode.INTERRUPTED)


def pytest_configure(config: pytest.Config) -> None:
    if FULL and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table(config), "plan-table")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("plan"):
            assert mark.args[0] in PLAN, f"{item.nodeid}: the plan has no {mark.args[0]}"
            item.user_properties.append(("plan", mark.args[0]))
