"""Tables for spreadsheets: CSV in which no cell is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

# What spreadsheets take for the beginning of a formula (OWASP: CSV injection), in full width too.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_ROWS_A_PIECE: Final = 200


def safe_cell(value: object) -> str:
    """The value as text that a spreadsheet shows and does not run: what would begin a formula gets an apostrophe, which
    spreadsheets take for "this is text"."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("\t", "\r", "\n") or text.lstrip().startswith(_FORMULA) else text


def as_csv(names: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table in pieces, so that no more than a few hundred rows are in memory. The mark at its beginning tells Excel
    that it is UTF-8."""
    yield "\ufeff" + _lines([names])
    left = iter(rows)
    while some := list(islice(left, _ROWS_A_PIECE)):
        yield _lines(some)


def _lines(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return buffer.getvalue()
