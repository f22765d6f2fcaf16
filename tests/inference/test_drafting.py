"""A SKILL.md out of a stream: the same head and body however it is cut."""

from __future__ import annotations

import pytest

from inference.llm.drafting import MAX_HEAD, Drafting, Head
from tests.inference.author import BODY, document


def drafted(text: str, size: int) -> tuple[Head, str]:
    heads: list[Head] = []
    bodies: list[str] = []
    drafting = Drafting(heads.append, bodies.append)
    for at in range(0, len(text), size):
        drafting.hear(text[at : at + size])
    body = drafting.finish()
    assert "".join(bodies) == body == drafting.body, "what was passed on is the body"
    assert heads == [drafting.head], "the head is told once, and before the body"
    return drafting.head, body


SIZES = [1, 2, 3, 17, 100_000]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "text",
    [
        document(),
        "\n\n" + document() + "\n\n",
        "```markdown\n" + document() + "```\n",
        "````\n" + document() + "\n````",
        "~~~md\n\n" + document() + "~~~",
        document().replace("\n---\n\n", "\n---  \n\n\n"),
    ],
    ids=["plain", "space", "code block", "longer fence", "tildes", "loose"],
)
def test_head_and_body_whatever_is_around_them(text: str, size: int) -> None:
    head, body = drafted(text, size)
    assert (head.name, head.description[:7]) == ("migration-reviewer", "Reviews")
    assert body == BODY


@pytest.mark.parametrize("size", SIZES)
def test_a_text_without_a_head_is_all_body(size: int) -> None:
    assert drafted("# Title\n\nDo it.\n\n---\n\nMore.", size) == (Head(), "# Title\n\nDo it.\n\n---\n\nMore.\n")


@pytest.mark.parametrize("size", SIZES)
def test_a_code_block_at_the_end_stays(size: int) -> None:
    text = document("# T\n\n```sh\nls\n```")
    assert drafted(text, size)[1] == "# T\n\n```sh\nls\n```\n"
    assert drafted("```markdown\n# T\n\n```sh\nls\n```\n```", size)[1] == "# T\n\n```sh\nls\n```\n"


@pytest.mark.parametrize("size", SIZES)
def test_controls_and_direction_marks_are_dropped(size: int) -> None:
    assert drafted("# T\x00\x1b[31m\u202e x\r\ny\u200b\tz\ud800", size)[1] == "# T[31m x\ny\tz\n"


def test_a_head_that_is_no_yaml_is_read_by_lines() -> None:
    head, body = drafted("---\nname: a-b\ndescription: Reviews: all. Use when: asked\n---\n# T", 5)
    assert head == Head("a-b", "Reviews: all. Use when: asked")
    assert body == "# T\n"


@pytest.mark.parametrize(
    "value", ["[1, 2]", "{a: b}", "!!python/object:os.system x", "&a [*a]", "2024-01-01", "'" + "x" * 2000 + "'"]
)
def test_a_head_of_another_kind_does_no_harm(value: str) -> None:
    head, body = drafted(f"---\nname: {value}\ndescription: {value}\nnotes: {value}\n---\n# T", 50)
    assert isinstance(head.description, str)
    assert len(head.description) <= 1024
    assert body == "# T\n"


def test_a_head_that_never_ends_is_body() -> None:
    text = "---\nname: x\n" + "word " * MAX_HEAD
    assert drafted(text, 100)[0] == Head()


def test_nothing_is_nothing() -> None:
    assert drafted("---\nname: x\n---\n \n", 3)[1] == ""
