"""Quality fixes and figures: what is claimed is so, code and all else stay, fixing twice changes nothing."""

from __future__ import annotations

import re

import pytest

from core.errors import Invalid
from skills.assessing import assess, validate
from skills.document import outline, parse
from skills.fixing import fix, known_issues
from skills.quality import assess as figures
from skills.validation import validate_text

PLAIN = """# Review a migration

Reads a database migration before it runs and names what may lock tables.

1. Read every statement.
2. Name the locks. In order to be sure, read again.

    in order to: an indented block

Call `in order to` as it is, see [a link](https://example.org/in%20order%20to).
"""
FULL = f"""---
name: review-migration
description: Reviews database migrations for locks and data loss. Use when a migration file changes.
license: MIT # ours
---
{PLAIN}
## When to Use

- A migration changes

## Quick Start

Run it.

## Examples

```sql
-- in order to; # no heading
ALTER TABLE a;
```
"""
BROKEN = "---\nname: My Skill_Name!\ndescription: short\nauthor: me\n---\nSome text about \u202esecrets.\n"


def rules(content: str) -> set[str]:
    return {finding.rule for finding in validate_text(content).findings}


@pytest.mark.parametrize(
    ("issue", "content", "shown"),
    [
        ("missing_frontmatter", PLAIN, "name: review-a-migration\ndescription: Reads a database migration"),
        ("spec.front-matter-missing", PLAIN, "Use when the task is about review a migration."),
        ("missing_examples", PLAIN, "## Examples\n\nHow a request goes:\n\n```text\nUser: "),
        ("missing_code_block", PLAIN, "Agent: Read every statement."),
        ("missing_when_to_use", PLAIN, "## When to Use\n\n- "),
        ("quality.when-to-use", FULL.replace("## When to Use\n", "## Other\n"), "- A migration file changes"),
        ("missing_quick_start", PLAIN, "## Quick Start\n\nThe shortest way:\n\n1. Read every statement.\n"),
        ("verbosity", PLAIN, "Name the locks. To be sure, read again."),
        ("name_format", BROKEN, "name: my-skill-name\n"),
        ("spec.name-length", FULL.replace("review-migration", "x" * 70), f"name: {'x' * 64}\n"),
        ("unclear_description", BROKEN, "Use when"),
        ("unclear_description", PLAIN, "Use when"),
        ("missing_trigger", FULL.replace(" Use when a migration file changes.", ""), "Use when a migration changes."),
        ("missing_description", "---\nname: a\n---\n# Title\n\nDoes it all.\n", "description: Does it all. Use when"),
        ("description_too_long", FULL.replace("locks and", "locks and " + "very " * 300), "description: Use when a"),
        ("quality.description-markup", FULL.replace("locks and", "<b>locks</b> and"), "for locks and data loss"),
        ("description_markup", FULL.replace("locks and", "<file> and"), "for file and data loss"),
        ("spec.unknown-field", BROKEN, "metadata:\n  author: me\n"),
        ("spec.allowed-tools-list", FULL.replace("license:", "allowed-tools:\n  - A\n  - B\nlicense:"), "tools: A B\n"),
        ("importable.repaired", FULL.replace("Reviews", "Reviews: checks"), "description: 'Reviews: checks"),
        ("spec.unquoted-value", FULL.replace("name: review-migration", "name: 123"), "name: '123'\n"),
        ("spec.front-matter-start", "\n\n" + FULL, "---\nname: review-migration"),
        ("missing_sections", BROKEN, "# My Skill"),
        ("hidden_characters", BROKEN, "about secrets."),
        ("Missing-Examples", PLAIN, "## Examples"),
    ],
)
def test_each_fix_is_applied_and_its_check_passes_afterwards(issue: str, content: str, shown: str) -> None:
    fixed = fix(content, [issue])
    assert [one.issue for one in fixed.applied] == [issue]
    assert fixed.remaining == fixed.absent == ()
    assert shown in fixed.content
    assert "." not in issue or issue not in rules(fixed.content)
    errors = {finding.rule for finding in validate_text(fixed.content).findings if finding.severity == "error"}
    assert errors <= {finding.rule for finding in validate_text(content).findings}
    again = fix(fixed.content, [issue])
    assert (again.content, again.applied, again.absent) == (fixed.content, (), (issue,))


def test_the_documents_own_request() -> None:
    fixed = fix("# Skill content...", ["missing_examples", "unclear_description"])
    assert [one.text for one in fixed.applied] == ["Added examples section", "Clarified description"]


@pytest.mark.parametrize("content", [PLAIN, FULL, BROKEN, "", "\n", "---\nname: x\n", "﻿# T\r\n\r\ntext\r\n", "# A"])
def test_everything_at_once_is_idempotent_and_nothing_is_claimed_that_is_not_so(content: str) -> None:
    every = known_issues()
    once = fix(content, every)
    named = [one.issue for one in once.applied]
    assert sorted([*named, *once.remaining, *once.absent]) == every
    left = rules(once.content)
    assert not [issue for issue in named if issue in left]
    twice = fix(once.content, every)
    assert (twice.content, twice.applied) == (once.content, ())


def test_all_fixes_together_make_a_plain_text_pass() -> None:
    fixed = fix(PLAIN, ["missing_frontmatter", "missing_when_to_use", "missing_quick_start", "missing_examples"])
    assert validate_text(fixed.content).ok
    assert figures(fixed.content).overall_score > figures(PLAIN).overall_score


def test_unknown_issues_and_what_cannot_be_mended_remain() -> None:
    unclosed = "---\nname: x\ndescription: y\n# T\n"
    fixed = fix(unclosed, ["make_it_nice", "missing_frontmatter", "spec.front-matter-unclosed"])
    assert fixed.content == unclosed
    assert set(fixed.remaining) >= {"make_it_nice", "spec.front-matter-unclosed"}
    assert fixed.applied == ()


def test_a_fix_that_does_not_help_is_neither_claimed_nor_kept() -> None:
    long = "# T\n\n" + " ".join(["word"] * 200) + " in order to end.\n"
    fixed = fix(long, ["verbosity"])
    assert (fixed.content, fixed.applied, fixed.remaining) == (long, (), ("verbosity",))


def code_of(content: str) -> list[str]:
    return re.findall(r"```.*?```|^    .*$|`[^`\n]+`|\]\([^)]*\)", content, re.S | re.M)


def test_code_links_and_the_rest_of_the_front_matter_stay() -> None:
    fixed = fix(FULL, known_issues())
    assert code_of(fixed.content)[: len(code_of(FULL))] == code_of(FULL)
    assert "license: MIT # ours\n" in fixed.content
    assert "To be sure" in fixed.content


def test_windows_line_ends_stay() -> None:
    fixed = fix(PLAIN.replace("\n", "\r\n"), ["missing_when_to_use", "missing_examples", "missing_frontmatter"])
    assert len(fixed.applied) == 3
    assert fixed.content.count("\n") == fixed.content.count("\r\n")


def test_sections_stand_where_readers_look_for_them() -> None:
    text = "# T\n\nIntro text.\n\n## Steps\n\n1. Do it now.\n"
    fixed = fix(text, ["missing_when_to_use", "missing_quick_start", "missing_examples"])
    titles = [heading.title for heading in outline(parse(fixed.content).body).headings]
    assert titles == ["T", "When to Use", "Quick Start", "Steps", "Examples"]


class TestAssess:
    def test_the_documented_figures_are_those_of_the_formulas(self) -> None:
        judged = assess(FULL)
        assert judged.quality == figures(FULL)
        assert judged.coverage is None

    def test_criteria_are_covered_by_their_words(self) -> None:
        criteria = ["Clear examples", "names locks and data losses", "Explains quantum gravity"]
        judged = assess(FULL, {"success_criteria": criteria})
        assert [one.is_covered for one in judged.criteria] == [True, True, False]
        assert judged.coverage == 0.67
        assert judged.quality == figures(FULL)

    @pytest.mark.parametrize("criteria", ["text", [1], ["x"] * 101])
    def test_refuses_other_plans(self, criteria: object) -> None:
        with pytest.raises(Invalid):
            assess(FULL, {"success_criteria": criteria})


class TestValidate:
    def test_one_warning_costs_five_hundredths(self) -> None:
        result = validate(FULL.replace("## Quick Start", "## Start"), "technical/programming")
        assert (result.passed, result.compliance_score) == (True, 0.95)
        assert [one.rule for one in result.warnings] == ["quality.quick-start"]

    def test_errors_fail(self) -> None:
        result = validate(PLAIN)
        assert not result.passed
        assert {one.rule for one in result.issues} == {"spec.front-matter-missing", "quality.when-to-use"}
        assert result.compliance_score == round(1 - 0.2 * len(result.issues) - 0.05 * len(result.warnings), 2)

    def test_the_place_is_checked(self) -> None:
        assert [one.rule for one in validate(FULL, "Bad Path").issues] == ["quality.skill-id"]
        assert [one.rule for one in validate(FULL, "a/b/c/d").warnings] == ["quality.category-depth"]
