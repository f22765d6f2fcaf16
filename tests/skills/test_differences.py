"""Word by word: nothing is lost on the way from one text to the other, and what people see is small."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from skills.differences import MAX_LINES, Piece, compare_texts

texts = st.text(alphabet="ab \n,.é", max_size=200)


def told(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text or str(piece.lines)) for piece in pieces]


@given(texts, texts)
def test_without_what_went_it_is_the_new_text_and_without_what_came_the_old(old: str, new: str) -> None:
    pieces = compare_texts(old, new)
    if old == new:
        assert pieces == []
        return
    for kept, text in (("new", new), ("gone", old)):
        # What is skipped stands in both; it is found by its number of lines.
        rest = text.splitlines(keepends=True)
        rebuilt = ""
        for piece in pieces:
            if piece.kind == "skipped":
                done = len((rebuilt + "x").splitlines()) - 1
                rebuilt += "".join(rest[done : done + piece.lines])
            elif piece.kind in ("same", kept):
                rebuilt += piece.text
        assert rebuilt == text


def test_words_change_inside_a_line() -> None:
    assert told(compare_texts("Use it often.\n", "Use it rarely.\n")) == [
        ("same", "Use it "),
        ("gone", "often"),
        ("new", "rarely"),
        ("same", ".\n"),
    ]


def test_a_change_of_several_words_is_one_change() -> None:
    assert told(compare_texts("the old long way", "the new short way")) == [
        ("same", "the "),
        ("gone", "old long"),
        ("new", "new short"),
        ("same", " way"),
    ]


def test_long_unchanged_stretches_are_skipped() -> None:
    lines = [f"line {number}\n" for number in range(100)]
    pieces = compare_texts("".join(lines), "".join([*lines[:50], "inserted\n", *lines[50:]]))
    assert told(pieces) == [
        ("skipped", "47"),
        ("same", "line 47\nline 48\nline 49\n"),
        ("new", "inserted\n"),
        ("same", "line 50\nline 51\nline 52\n"),
        ("skipped", "47"),
    ]


def test_huge_texts_are_told_at_once() -> None:
    old, new = "a\n" * MAX_LINES, "b\n" * MAX_LINES
    begun = time.perf_counter()
    assert [piece.kind for piece in compare_texts(old, new)] == ["gone", "new"]
    assert [piece.kind for piece in compare_texts("x " * 20_000, "y " * 20_000)] == ["gone", "new"]
    assert time.perf_counter() - begun < 5
