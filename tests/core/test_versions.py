"""Semantic versions: what is one, and their order in SQL."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core import versions
from core.errors import Invalid

IN_ORDER = [
    "0.0.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
    "1.0.0-rc.1", "1.0.0", "1.2.0", "1.9.0", "1.10.0", "2.0.0-0", "2.0.0",
]  # fmt: skip


@pytest.mark.parametrize("text", [*IN_ORDER, "1.2.0-rc.1+build.5", "1.0.0+001", "1.0.0--"])
def test_semantic_versions_are_read(text: str) -> None:
    assert versions.parse(text).text == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0.0", " 1.0.0", "1.0.0\n", "1.0.0-01", "1.0.0-", "1.0.0+", "१.0.0"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        versions.parse(text)
    assert "version" in refusal.value.fields


def test_very_long_versions_are_refused() -> None:
    assert not versions.is_valid("1.0.0-" + "a" * 64)
    assert not versions.is_valid("12345678901.0.0")


def test_keys_sort_by_precedence() -> None:
    assert sorted(IN_ORDER, key=versions.sort_key) == IN_ORDER


@pytest.mark.django_db
def test_postgresql_sorts_the_keys_alike() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT v FROM unnest(%s::text[], %s::text[]) AS t(v, k) ORDER BY k COLLATE "C"',
            [IN_ORDER[::-1], [versions.sort_key(text) for text in IN_ORDER[::-1]]],
        )
        assert [row[0] for row in cursor.fetchall()] == IN_ORDER


identifiers = st.one_of(st.integers(0, 999).map(str), st.from_regex(r"\A[a-z-][0-9a-z-]{0,5}\Z"))
texts = st.builds(
    lambda numbers, pre: ".".join(map(str, numbers)) + ("-" + ".".join(pre) if pre else ""),
    st.tuples(*[st.integers(0, 12)] * 3),
    st.lists(identifiers, max_size=3),
)


def precedence(text: str) -> tuple:  # SemVer 2.0.0, item 11, word for word
    version = versions.parse(text)
    pre = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in version.prerelease]
    return (version.major, version.minor, version.patch, not pre, pre)


@given(texts, texts)
def test_keys_agree_with_the_specification(first: str, second: str) -> None:
    by_key = versions.sort_key(first) < versions.sort_key(second)
    assert by_key == (precedence(first) < precedence(second))


def test_the_next_patch() -> None:
    assert versions.next_patch("1.2.3") == "1.2.4"
    assert versions.next_patch("1.2.3-rc.1") == "1.2.3"
