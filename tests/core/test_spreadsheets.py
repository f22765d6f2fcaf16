"""No cell of an export is run by a spreadsheet, and a table of any length takes little memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from core.spreadsheets import as_csv, safe_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "＝1", "=cmd|' /C calc'!A0", "-"],
)
def test_what_would_be_a_formula_is_told_to_be_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "jane", "a=b", "1-2", "{'=': 1}", "'=1"])
def test_other_text_is_left_alone(text: str) -> None:
    assert safe_cell(text) == text


def test_what_is_written_is_read_again() -> None:
    rows = [["a\nb", 'say "x", y'], [None, 7]]
    text = "".join(as_csv(["one", "two"], rows)).removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["one", "two"], ["a\nb", 'say "x", y'], ["", "7"]]


def test_rows_are_taken_as_they_are_sent() -> None:
    taken = []

    def rows() -> Iterator[list[object]]:
        for number in range(1_000_000):
            taken.append(number)
            yield [number]

    pieces = as_csv(["one"], rows())
    next(pieces)
    next(pieces)
    assert len(taken) <= 200
