"""docs/promises.md names tests that are there, and the plan's parts have their tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.chaos.plan import PLAN, Row, table_of

ROOT = Path(__file__).parent.parent
PROMISES = (ROOT / "docs" / "promises.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PROMISES)


def test_promises_name_tests() -> None:
    assert len(NAMED) > 25


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_each_named_test_is_there(file: str, name: str) -> None:
    assert re.search(rf"^ *(async )?def {name}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_each_promise_names_a_test() -> None:
    promised = PROMISES.partition("## What is not promised")[0]
    promises = re.findall(r"^- .*?(?=^- |^## |\Z)", promised, re.MULTILINE | re.DOTALL)
    assert [promise for promise in promises if "::test_" not in promise] == []


class TestTheTable:
    def report(self, outcome: str, **noted: str) -> pytest.TestReport:
        return pytest.TestReport(
            "tests/x.py::test_x", ("tests/x.py", 1, "test_x"), {}, outcome, None, "call",
            user_properties=list(noted.items()),
        )  # fmt: skip

    def row_of(self, *reports: pytest.TestReport) -> str:
        rows = {number: Row() for number in PLAN}
        for report in reports:
            rows["T5"].add(report)
        return next(line for line in table_of(rows) if line.startswith("| T5 "))

    def test_what_was_measured_is_told(self) -> None:
        line = self.row_of(self.report("passed", trials="500 installs", measured="1 copy"))
        assert "| 500 installs |" in line
        assert line.endswith("| 1 copy | met |")

    def test_one_failure_is_a_miss(self) -> None:
        line = self.row_of(self.report("passed", trials="a", measured="b"), self.report("failed"))
        assert line.endswith("| b; failed: test_x | MISSED |")

    def test_what_did_not_run_is_not_met(self) -> None:
        assert self.row_of().endswith("NOT RUN |")
        assert self.row_of(self.report("skipped")).endswith("NOT RUN |")
