"""Skills and what is said of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import ConfigDict, Field, RootModel

from api.schema.operations import Shown


class SkillStatus(StrEnum):
    """Agents are shown active skills only."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"


class SkillMetadata(Shown):
    """What a skill says of itself; also whatever else was stored with it by this contract."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    dependencies: list[str]
    capabilities: list[str]
    version: str
    """The current version: MAJOR.MINOR.PATCH."""
    author: str | None
    created_at: datetime


class Skill(Shown):
    """A skill with its text."""

    skill_id: str
    """Its address."""
    name: str
    description: str
    version: str
    type: Any = Field(description="What kind of skill its metadata say it is; null where they do not.")
    content: str
    """The text of SKILL.md."""
    metadata: SkillMetadata


class SkillSummary(Shown):
    """A skill in a list."""

    skill_id: str
    name: str
    description: str
    version: str
    status: SkillStatus
    category: str | None
    """The path of its category in the taxonomy."""


class Skills(RootModel[list[SkillSummary]]):
    """A page of skills, by id."""


class UpdatedSkill(Shown):
    """The skill was changed."""

    status: Literal["updated"]
    skill_id: str
    version: str
    """The version that was made, or the one that is still current."""


class RuleCheck(Shown):
    """One of the seven groups of rules."""

    check: Literal["metadata", "structure", "documentation", "frontmatter", "subdirectories", "examples", "naming"]
    passed: bool
    message: str
    """What was found; empty where nothing was."""


class Verdict(StrEnum):
    """Whether the rules are met."""

    PASSED = "passed"
    FAILED = "failed"


class Report(Shown):
    """How a skill meets the rules."""

    passed: bool
    status: Verdict
    score: float = Field(ge=0, le=1)
    """How good the text is; without judgement 1 or 0."""
    errors: list[str]
    warnings: list[str]
    checks: list[RuleCheck]


class Finding(Shown):
    """What a rule found."""

    rule: str
    """Stable: `spec.name-format`."""
    severity: Literal["error", "warning", "info"]
    message: str
    location: str | None
    hint: str
    """What to do."""


class Compliance(Shown):
    """How a text meets the rules of its place."""

    passed: bool
    compliance_score: float = Field(ge=0, le=1)
    issues: list[str]
    warnings: list[str]
    status: Verdict
    score: float
    """The same as `compliance_score`."""
    recommendations: list[str]
    findings: list[Finding]


class Dimensions(Shown):
    """The parts of the score, each from 0 to 1."""

    completeness: float
    structure: float
    clarity: float
    examples: float
    conciseness: float


class Criterion(Shown):
    """Whether a text says what it should."""

    text: str
    covered: bool
    share: float
    """Of the criterion's words, how many occur."""


class Assessment(Shown):
    """How good a text reads, in figures."""

    overall_score: float = Field(ge=0, le=1)
    completeness: float
    clarity: float
    word_count: int
    size_assessment: str
    verbosity_score: float
    """From 0 to 1; low is better."""
    dimensions: Dimensions
    strengths: list[str]
    weaknesses: list[str]
    suggestions: list[str]
    criteria: list[Criterion]
    criteria_coverage: float | None
    """The share of the criteria that are covered; null without any."""


class AppliedFix(Shown):
    """What was done about an issue that was sent as an object."""

    issue: str
    fix: str


class Fixed(Shown):
    """A text with its issues mended."""

    fixed_content: str
    fixes_applied: list[str | AppliedFix]
    """Texts where all issues were texts."""
    remaining_issues: list[str]
    absent_issues: list[str]
    """Issues that the text did not have."""
    confidence: float = Field(ge=0, le=1)
    """The share of the issues that the text does not have any more."""
