"""SKILL.md is read, repaired in the reading, and edited without losing a byte."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.document import compose, first_paragraph, outline, parse, with_front_matter

FULL = "---\nname: pdf-forms\ndescription: Fills forms\nmetadata:\n  version: 1.10\n---\n\n# Forms\n\nText.\n"

pieces = st.sampled_from(
    [
        *(
            "---",
            "---\n",
            "---\r\n",
            "--- \n",
            "\ufeff",
            "\n",
            "\r\n",
            "\r",
            "\u2028",
            "\x0b",
            "\t",
            "é",
            "動",
            "'",
            '"',
        ),
        *(
            "name: x\n",
            "description: a --- b: c\r\n",
            "- item\n",
            "# Title\n",
            "metadata:\n  a: 1\n",
            "x: &a 1\n",
            "```\n",
        ),
    ]
)
texts = st.one_of(st.text(max_size=300), st.lists(pieces, max_size=20).map("".join))
plain_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=60)
keys = st.from_regex(r"[a-z][a-z-]{0,12}", fullmatch=True)
values = st.recursive(
    plain_text | st.booleans() | st.integers(-(10**9), 10**9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
text_fields = dict.fromkeys(("name", "description", "version", "license", "compatibility", "allowed-tools"), plain_text)
front_matters = st.fixed_dictionaries(
    {}, optional={**text_fields, "metadata": st.dictionaries(keys, plain_text, max_size=3), "x-other": values}
)


@given(texts)
def test_any_text_comes_back_exactly(text: str) -> None:
    assert parse(text).text == text


@given(texts)
def test_line_numbers_point_at_the_parts(text: str) -> None:
    document = parse(text)
    before = text[: len(text) - len(document.body)]
    assert document.body_line == 1 + before.replace("\r\n", "\n").replace("\r", "\n").count("\n")


@given(front_matters, st.text(max_size=100))
def test_what_is_composed_is_read_back(front_matter: dict[str, object], body: str) -> None:
    document = parse(compose(front_matter, body))
    assert document.front_matter == front_matter
    assert document.problems == () or {problem.code for problem in document.problems} == {"flow-style"}
    assert document.body == body or document.body == "\n" + body


@given(plain_text, st.sampled_from(["\n", "\r\n"]))
def test_an_edit_changes_only_its_field(description: str, newline: str) -> None:
    given = FULL.replace("\n", newline)
    edited = with_front_matter(given, description=description)
    assert parse(edited).front_matter["description"] == description
    assert with_front_matter(edited, description="Fills forms") == given


@pytest.mark.parametrize("value", ["1.10", "yes", "no", "null", "~", "2024-01-01", "0x1F", "1e3", "-1", "true"])
def test_text_fields_stay_as_typed(value: str) -> None:
    front_matter = parse(f"---\nname: {value}\nversion: {value}\nmetadata:\n  version: {value}\n---\n").front_matter
    assert front_matter == {"name": value, "version": value, "metadata": {"version": value}}


def test_other_fields_have_the_types_json_can_hold() -> None:
    document = parse("---\na: true\nb: 12\nc: 1.5\nd:\ne: .inf\nf: 2024-01-01\ng: 12:30:00\n---\n")
    assert document.front_matter == {
        "a": True, "b": 12, "c": 1.5, "d": None, "e": ".inf", "f": "2024-01-01", "g": "12:30:00",
    }  # fmt: skip


def test_fences_inside_values_and_body_are_text() -> None:
    document = parse("---\nname: x\ndescription: a --- b\n---\nbody\n\n---\nrest\n---\n")
    assert document.front_matter["description"] == "a --- b"
    assert document.body == "body\n\n---\nrest\n---\n"


def test_lines_are_those_of_the_file() -> None:
    document = parse("\ufeff\r\n---\r\nname: x\r\ndescription: >\r\n  long\r\n  text\r\nlicense: MIT\r\n---\r\nbody")
    assert document.key_lines == {"name": 3, "description": 4, "license": 7}
    assert (document.front_matter_line, document.body_line) == (3, 9)
    assert document.has_byte_order_mark
    assert document.newline == "\r\n"


def test_an_unclosed_front_matter_is_all_body() -> None:
    document = parse("---\nname: x\n# Title\n")
    assert not document.has_front_matter
    assert document.body == document.text
    assert [problem.code for problem in document.problems] == ["unclosed"]


def test_an_unquoted_colon_costs_nothing_but_a_finding() -> None:
    text = "---\nname: x\ndescription: Use when: the user asks\n  for more: things\nmetadata:\n  author: me\n---\nbody"
    document = parse(text)
    assert document.front_matter == {
        "name": "x",
        "description": "Use when: the user asks for more: things",
        "metadata": {"author": "me"},
    }
    assert [(problem.code, problem.line) for problem in document.problems] == [("invalid-yaml", 3), ("repaired", 3)]
    assert document.text == text


def test_editing_a_repaired_field_leaves_the_others() -> None:
    text = "---\n# mine\nname: x\ndescription: a: b: c\n\n# keep\nlicense: MIT\n---\nbody"
    edited = with_front_matter(text, description="a: b")
    assert edited == "---\n# mine\nname: x\ndescription: 'a: b'\n\n# keep\nlicense: MIT\n---\nbody"
    assert parse(edited).problems == ()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("a: &x 1\nb: *x", "anchor"),
        ("a: *x", "alias"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: " + "[" * 20 + "]" * 20, "too-deep"),
        ("a: " + "[" * 30_000, "too-deep"),
        ("a: " + "x" * 70_000, "too-large"),
        ("name: a\nname: b", "duplicate-key"),
        ("metadata:\n  a: 1\n  a: 2", "duplicate-key"),
        ("- a\n- b", "not-a-mapping"),
        ("just words", "not-a-mapping"),
        ("? [a]\n: b", "invalid-yaml"),
        ("name: x\n...\nother: y", "invalid-yaml"),
    ],
)
def test_hostile_yaml_is_named_and_never_built(raw: str, code: str) -> None:
    started = time.perf_counter()
    problems = parse(f"---\n{raw}\n---\n").problems
    assert problems[0].code == code
    assert time.perf_counter() - started < 1


def test_an_alias_bomb_stays_small() -> None:
    levels = "\n".join(f"l{n}: [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    assert len(str(parse(f"---\nl0: &l0 [x]\n{levels}\n---\n").front_matter)) < 2_000


def test_fields_are_added_removed_and_written_where_there_were_none() -> None:
    assert with_front_matter("# Title\n", name="x") == "---\nname: x\n---\n\n# Title\n"
    assert with_front_matter("\ufeffbody", name="x") == "\ufeff---\nname: x\n---\n\nbody"
    assert with_front_matter(FULL, metadata=None) == FULL.replace("metadata:\n  version: 1.10\n", "")
    assert with_front_matter(FULL, license="MIT").startswith(FULL[: FULL.index("---\n\n")] + "license: MIT\n---\n\n")
    assert with_front_matter("---\n{name: x, license: MIT}\n---\n", name="y") == "---\nname: y\nlicense: MIT\n---\n"


def test_composed_fields_stand_in_order_on_one_line_each() -> None:
    long = "word " * 100 + "end: here"
    text = compose({"x": "1", "metadata": {"a": "1.0"}, "description": long, "name": "n"}, "# Body\n")
    assert text == f"---\nname: n\ndescription: '{long}'\nmetadata:\n  a: '1.0'\nx: '1'\n---\n\n# Body\n"


def test_headings_in_code_are_code() -> None:
    found = outline("# One\n```sh\n# no\n```\n~~~~\n```\n## no\n~~~~\n   ## Two ##\n#no\n", first_line=10)
    assert [(heading.level, heading.title, heading.line) for heading in found.headings] == [
        (1, "One", 10),
        (2, "Two", 18),
    ]
    assert found.code_block_lines == (11, 14)


def test_the_first_paragraph_speaks_for_a_skill_without_description() -> None:
    assert first_paragraph("# Title\n\n```\ncode\n```\nFirst line\nsecond.\n\nNext") == "First line second."
    assert first_paragraph("# Only a title") == ""
