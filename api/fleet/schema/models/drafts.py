"""What jobs make: drafts, what they were planned from, how they were checked, what they cost."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from api.fleet.schema.models.skills import RuleCheck, Verdict
from api.fleet.schema.models.words import JobStatus, QuestionType
from api.schema.operations import Shown, sometimes


class DraftKeys(Shown):
    intended_taxonomy_path: str | None
    draft_path: str | None
    final_path: str | None
    """Null until the draft is promoted."""
    saved_path: str | None
    """The same as `final_path`."""
    validation_passed: bool | None
    validation_status: Verdict | None
    validation_score: float | None


class WriterCall(Shown):
    """One call of a writer."""

    step: str
    round: int
    writer: str
    model: str | None
    prompt: str | None
    """Name and version of the prompt's file."""
    input_tokens: int
    output_tokens: int
    estimated: bool
    """Whether the tokens were estimated here."""
    cost: float | None
    duration_ms: int
    outcome: str


class JobUsage(Shown):
    """What writers used for the job."""

    input_tokens: int
    output_tokens: int
    cost: float | None
    """In USD; null where no price is known."""
    writers: dict[str, list[str]]
    """The steps that each writer wrote."""
    calls: list[WriterCall]
    """The newest two hundred."""


class DraftFile(Shown):
    """A file beside a draft's SKILL.md."""

    path: str
    content: str
    filename: str = sometimes()
    size: int = sometimes()
    sha: str = sometimes()
    encoding: str = sometimes()
    executable: bool = sometimes()


class Understanding(Shown):
    """What the writer took the request to ask for."""

    task: str
    name: str
    title: str
    description: str
    requested_name: str = sometimes()
    requested_description: str = sometimes()
    language: str = sometimes()
    domain: str = sometimes()
    skill_category: str = sometimes()
    target_level: str = sometimes()
    topics: list[str] = sometimes()
    tools: list[str] = sometimes()
    constraints: list[str] = sometimes()
    ambiguities: list[str] = sometimes()
    questions: list[WriterQuestion] = sometimes()
    wished_category: str = sometimes()
    search_text: str = sometimes()
    warnings: list[str] = sometimes()


class WriterQuestion(Shown):
    """A question that the request leaves open."""

    topic: str
    text: str
    type: QuestionType
    options: list[str] = sometimes()
    allows_other: bool = sometimes()
    rationale: str = sometimes()


class Plan(Shown):
    """What the writer meant to write."""

    name: str
    title: str
    description: str
    outline: list[str]
    success_criteria: list[str]
    trigger_keywords: list[str]
    tags: list[str]
    assumptions: list[str]
    estimated_length: Literal["short", "medium", "long"] = sometimes()


class MeasuredFigures(Shown):
    """How a text is found, and what it costs."""

    trigger_rate: float
    interval: list[float]
    """Low and high, at 95%."""
    found: int
    queries: int
    tokens: int


class UnseenFigures(Shown):
    """Queries that were kept back while looking for better words: how many found the skill before and after."""

    queries: int
    before: int
    after: int


class HarmedQuery(Shown):
    """A query of another skill for which this one comes up too."""

    query: str
    owner: str
    before: int | None
    after: int | None
    is_displaced: bool


class Optimization(Shown):
    """What measuring led to."""

    target_metric: str
    target_value: float
    before: MeasuredFigures
    improved: bool
    reason: str = sometimes()
    """Why nothing is better."""
    after: MeasuredFigures = sometimes()
    target_reached: bool = sometimes()
    origin: str = sometimes()
    """Where the better words came from."""
    unseen: UnseenFigures | None = sometimes()
    also_comes_up_for: list[HarmedQuery] = sometimes()


class RuleFinding(Shown):
    """What a rule found."""

    rule: str
    severity: Literal["error", "warning", "info"]
    layer: str
    path: str | None
    line: int | None
    message: str
    hint: str


class Quality(Shown):
    """How good the text reads, each figure from 0 to 1."""

    overall_score: float
    completeness: float
    structure: float
    clarity: float
    examples: float
    conciseness: float
    word_count: int
    size_assessment: str
    verbosity_score: float
    strengths: list[str]
    weaknesses: list[str]
    recommendations: list[str]


class BaseVersion(Shown):
    """The version that a draft was made from."""

    slug: str
    semver: str
    content_sha256: str


class DraftReport(Shown):
    """How a draft meets the rules."""

    passed: bool = sometimes()
    score: float = sometimes()
    status: Verdict = sometimes()
    errors: list[str] = sometimes()
    warnings: list[str] = sometimes()
    findings: list[RuleFinding] = sometimes()
    checks: list[RuleCheck] = sometimes()
    layers: dict[str, bool] = sometimes()
    """Whether each layer of rules is met."""
    quality: Quality = sometimes()
    trigger_coverage: float = sometimes()
    notes: list[str] = sometimes()
    """Of a refinement: what became of the feedback."""
    base: BaseVersion = sometimes()
    """Of a next version: what it follows."""
    optimization: Optimization = sometimes()
    """Of an optimization: what it measured."""


class JobResult(Shown):
    """What a finished job made."""

    status: JobStatus
    job_id: UUID
    message: str
    skill_content: str | None
    """The draft's SKILL.md."""
    validation_report: DraftReport | None
    extra_files: list[DraftFile] | None
    understanding: Understanding | None
    plan: Plan | None
    optimization: Optimization | None
    error: str | None
    timestamp: datetime | None
