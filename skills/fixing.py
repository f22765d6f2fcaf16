"""Repairs named issues of a SKILL.md. A fix is claimed only when the check that failed passes after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from skills import mending
from skills.validation import validate_text


@dataclass(frozen=True, slots=True)
class Applied:
    """One fix: the issue under the name it was given by, and what was done, for people."""

    issue: str
    text: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """`remaining` are the issues that still hold, and names that no rule knows; `absent` those there was nothing to do
    about. Every name that was given is in one of the three."""

    content: str
    applied: tuple[Applied, ...] = ()
    remaining: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """`found` says whether a text has the issue, `mend` gives the text without it, or the same text where it cannot."""

    found: Callable[[str], bool]
    mend: Callable[[str], str]
    told: str
    names: tuple[str, ...] = field(default=())


def fix(content: str, issues: Iterable[str]) -> Fixed:
    """Repairs what the issues name: `missing_examples` and the like (see `known_issues`), or rule ids of
    skills/validation. The same content and issues give the same bytes; fixing again changes nothing."""
    applied: list[Applied] = []
    remaining: list[str] = []
    absent: list[str] = []
    for issue in dict.fromkeys(issues):
        repair = _repair_of(issue)
        if repair is None:
            remaining.append(issue)
        elif not repair.found(content):
            absent.append(issue)
        elif not _holds(repair, content, mended := repair.mend(content)):
            remaining.append(issue)
        else:
            content = mended
            applied.append(Applied(issue, repair.told))
    # A later fix must not undo an earlier one.
    undone = [one.issue for one in applied if (repair := _repair_of(one.issue)) and repair.found(content)]
    kept = tuple(one for one in applied if one.issue not in undone)
    return Fixed(content, kept, (*remaining, *undone), tuple(absent))


def known_issues() -> list[str]:
    """All names that `fix` understands."""
    return sorted(_BY_NAME)


def _repair_of(issue: str) -> Repair | None:
    name = issue.strip().lower()
    return _BY_NAME.get(name) or _BY_NAME.get(name.replace("-", "_").replace(" ", "_"))


def _holds(repair: Repair, before: str, after: str) -> bool:
    """A fix counts when its check passes and no error came with it."""
    if after == before or repair.found(after):
        return False
    return _errors(after) <= _errors(before)


def _errors(content: str) -> set[str]:
    return {finding.rule for finding in validate_text(content).findings if finding.severity == "error"}


def _has_rule(*rules: str) -> Callable[[str], bool]:
    return lambda content: any(finding.rule in rules for finding in validate_text(content).findings)


# --- The issues -------------------------------------------------------------------------------------------------------

_REPAIRS = (
    Repair(
        _has_rule("spec.front-matter-missing", "quality.front-matter"),
        mending.add_front_matter,
        "Added front matter with name and description",
        ("missing_frontmatter", "missing_front_matter", "spec.front-matter-missing", "quality.front-matter"),
    ),
    Repair(
        _has_rule("spec.front-matter-start"),
        mending.drop_before_front_matter,
        "Removed what stood before the front matter",
        ("spec.front-matter-start",),
    ),
    Repair(
        _has_rule("spec.name-missing", "spec.front-matter-missing"),
        mending.rename,
        "Added a name",
        ("missing_name", "spec.name-missing"),
    ),
    Repair(
        _has_rule("spec.name-format", "spec.name-hyphens", "spec.name-length"),
        mending.rename,
        "Wrote the name in lower case with hyphens",
        (
            "name_format",
            "invalid_name",
            "name_too_long",
            "spec.name-format",
            "spec.name-hyphens",
            "spec.name-length",
        ),
    ),
    Repair(
        _has_rule("spec.description-missing", "spec.front-matter-missing"),
        mending.add_description,
        "Added a description",
        ("missing_description", "spec.description-missing"),
    ),
    Repair(
        _has_rule("spec.description-length"),
        mending.shorten_description,
        "Shortened the description",
        ("description_too_long", "spec.description-length"),
    ),
    Repair(mending.is_unclear, mending.clarify, "Clarified description", ("unclear_description", "vague_description")),
    Repair(
        _has_rule("quality.trigger-phrase"),
        mending.add_trigger,
        "Said in the description when to use the skill",
        ("missing_trigger", "missing_trigger_phrase", "missing_triggers", "quality.trigger-phrase"),
    ),
    Repair(
        _has_rule("quality.description-markup"),
        mending.strip_markup,
        "Removed markup from the description",
        ("description_markup", "quality.description-markup"),
    ),
    Repair(
        _has_rule("spec.unknown-field"),
        mending.move_unknown,
        "Moved unknown fields under metadata",
        ("unknown_field", "unknown_fields", "spec.unknown-field"),
    ),
    Repair(
        _has_rule("spec.allowed-tools-list"),
        mending.join_tools,
        "Wrote allowed-tools on one line",
        ("allowed_tools_list", "spec.allowed-tools-list"),
    ),
    Repair(
        _has_rule("importable.repaired", "spec.front-matter-yaml", "spec.unquoted-value"),
        mending.quote_values,
        "Quoted the values of the front matter",
        ("invalid_yaml", "importable.repaired", "spec.front-matter-yaml", "spec.unquoted-value"),
    ),
    Repair(
        _has_rule("quality.when-to-use"),
        mending.add_when_to_use,
        "Added a section When to Use",
        ("missing_when_to_use", "quality.when-to-use"),
    ),
    Repair(
        _has_rule("quality.quick-start"),
        mending.add_quick_start,
        "Added a section Quick Start",
        ("missing_quick_start", "quality.quick-start"),
    ),
    Repair(mending.lacks_examples, mending.add_examples, "Added examples section", ("missing_examples", "no_examples")),
    Repair(
        _has_rule("quality.code-block"),
        mending.add_examples,
        "Added an example with a code block",
        ("missing_code_block", "missing_code_examples", "quality.code-block"),
    ),
    Repair(
        _has_rule("quality.sections"),
        mending.add_title,
        "Added a heading",
        ("missing_sections", "missing_headings", "quality.sections"),
    ),
    Repair(mending.is_wordy, mending.tighten, "Tightened the wording", ("verbosity", "verbose", "too_verbose")),
    Repair(
        _has_rule("quality.hidden-characters"),
        mending.remove_hidden,
        "Removed invisible characters",
        ("hidden_characters", "quality.hidden-characters"),
    ),
)
_BY_NAME = {name: repair for repair in _REPAIRS for name in repair.names}
