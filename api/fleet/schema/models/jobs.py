"""Jobs, what they ask, and their drafts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.fleet.schema.models.skills import RuleCheck, Verdict
from api.schema.operations import Shown, sometimes


class JobStatus(StrEnum):
    """`pending` waits to begin, `pending_hitl` waits for a person; the last three are final."""

    PENDING = "pending"
    RUNNING = "running"
    PENDING_HITL = "pending_hitl"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobType(StrEnum):
    """What a job makes: a skill, a next version by feedback, a next version by measuring."""

    SKILL_CREATION = "skill_creation"
    SKILL_REFINEMENT = "skill_refinement"
    SKILL_OPTIMIZATION = "skill_optimization"


class PromptType(StrEnum):
    """What a job asks a person."""

    CLARIFYING_QUESTIONS = "clarifying_questions"
    STRUCTURE_FIX = "structure_fix"
    CONFIRM = "confirm"
    PREVIEW = "preview"
    REVIEW = "review"


class HitlType(StrEnum):
    """The original's words for kinds of prompts."""

    CLARIFY = "clarify"
    STRUCTURE_FIX = "structure_fix"
    CONFIRM = "confirm"
    PREVIEW = "preview"
    VALIDATE = "validate"


class QuestionType(StrEnum):
    """How a question is answered."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TEXT = "text"
    BOOLEAN = "boolean"


class StartedJob(Shown):
    """A job was begun, or is already under way under the same Idempotency-Key."""

    job_id: UUID
    status: JobStatus


class AcceptedJob(Shown):
    """A job was begun."""

    job_id: UUID
    status: Literal["accepted"]


class CancelledJob(Shown):
    """The job ends, or will at its next step."""

    job_id: UUID
    status: JobStatus


class JobSummary(Shown):
    """A job in a list."""

    job_id: UUID
    status: JobStatus
    type: JobType
    progress: int = Field(ge=0, le=100)
    created_at: datetime
    updated_at: datetime
    task_description: str | None
    user_id: str
    """Whose job it is."""
    current_phase: str | None
    progress_message: str | None
    error: str | None
    hitl_type: HitlType | None
    """What it asks at present."""


class JobPage(Shown):
    """A page of jobs, the newest first."""

    jobs: list[JobSummary]
    total: int
    limit: int
    offset: int


class _DraftKeys(Shown):
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


class Job(JobSummary, _DraftKeys):
    """A job: how it stands, what it made, what it cost."""

    result: JobResult | None
    """Null until the job is finished."""
    promoted: bool
    usage: JobUsage


class Question(Shown):
    """A question to a person."""

    id: str
    text: str
    type: QuestionType
    options: list[str]


class SuggestedFix(Shown):
    """A name or a description that people asked for and cannot have, and another one."""

    field: Literal["skill_name", "description"]
    issue: str
    current: str
    suggested: str
    explanation: str


class ContentFinding(Shown):
    """Something in the text that a person should look at."""

    rule: str
    severity: Literal["high", "medium", "low"]
    path: str
    line: int | None
    message: str
    excerpt: str


class PromptData(Shown):
    """What is asked. Which keys are there follows from the prompt's type."""

    questions: list[Question] = sometimes()
    """`clarifying_questions`."""
    rationale: str = sometimes()
    """`clarifying_questions`: why they are asked."""
    structure_issues: list[str] = sometimes()
    """`structure_fix`."""
    structure_warnings: list[str] = sometimes()
    """`structure_fix`."""
    suggested_fixes: list[SuggestedFix] = sometimes()
    """`structure_fix`."""
    current_skill_name: str = sometimes()
    """`structure_fix`."""
    current_description: str = sometimes()
    """`structure_fix`."""
    summary: str = sometimes()
    """`confirm`: the plan, line by line."""
    path: str = sometimes()
    """`confirm`: where the skill will live."""
    key_assumptions: list[str] = sometimes()
    """`confirm`."""
    content: str = sometimes()
    """`preview` and `review`: the text."""
    highlights: list[str] = sometimes()
    """`preview` and `review`."""
    notes: list[str] = sometimes()
    """`preview` and `review`: what became of feedback."""
    sections_count: int = sometimes()
    """`preview`."""
    examples_count: int = sometimes()
    """`preview`."""
    reading_time: str = sometimes()
    """`preview`."""
    report: str = sometimes()
    """`review`: what was checked, to be read."""
    passed: bool = sometimes()
    """`review`."""
    validation_score: float = sometimes()
    """`review`."""
    findings: list[RuleFinding] = sometimes()
    """`review`."""
    content_checks: list[ContentFinding] = sometimes()
    """`review`."""
    before: MeasuredFigures = sometimes()
    """`review` of an optimization."""
    after: MeasuredFigures = sometimes()
    """`review` of an optimization."""
    description: str = sometimes()
    """`review` of an optimization: the words that would be taken."""
    trigger_keywords: list[str] = sometimes()
    """`review` of an optimization."""


class FlatOption(Shown):
    """An option in the original's form."""

    id: str
    label: str
    description: str | None


class FlatQuestion(Shown):
    """A question in the original's form."""

    id: str
    text: str
    question_type: Literal["single", "multi", "boolean", "text"]
    options: list[FlatOption] | None
    allows_multiple: bool
    allows_other: bool
    rationale: str | None


class Prompt(_DraftKeys):
    """What a job asks, and how it stands where it asks nothing.

    `has_prompt`, `prompt_type` and `data` are the document's; the flat keys beside them are the original's, always
    there and null where they say nothing.
    """

    has_prompt: bool
    prompt_type: PromptType = sometimes()
    """Absent where nothing is asked."""
    prompt_id: UUID = sometimes()
    """Absent where nothing is asked. Sent back with the answer, it makes sure that no other prompt is answered."""
    data: PromptData = sometimes()
    """Absent where nothing is asked."""
    status: JobStatus
    current_phase: str | None
    progress_message: str | None
    error: str | None
    promoted: bool
    type: HitlType | None
    questions: list[FlatQuestion] | None
    rationale: str | None
    summary: str | None
    path: str | None
    key_assumptions: list[str] | None
    content: str | None
    highlights: list[str] | None
    report: str | None
    passed: bool | None
    skill_content: str | None
    structure_issues: list[str]
    structure_warnings: list[str]
    suggested_fixes: list[SuggestedFix]
    question: str | None
    """Always null; the original's."""
    research_performed: list[str] | None
    """Always null; the original's."""
    current_understanding: str | None
    """Always null; the original's."""
    readiness_score: float | None
    """Always null; the original's."""
    questions_asked: int | None
    """Always null; the original's."""
    current_skill_name: str | None
    current_description: str | None


class PromptOutcome(Shown):
    """What became of an answer to a prompt."""

    status: Literal["received", "ignored"]
    """`ignored` where nobody asked, somebody else was first, or the answer came twice."""
    job_status: JobStatus
    detail: str | None
    """Why it was ignored."""


class ActionKeywords(Shown):
    """Words that decide at a checkpoint; the first of each is the usual one."""

    proceed: list[str]
    revise: list[str]
    cancel: list[str]


class HitlConfig(Shown):
    """How jobs ask people."""

    enabled: bool
    default_timeout: int
    """Seconds until an unanswered prompt ends its job."""
    max_questions: int
    action_keywords: ActionKeywords


class PromotedDraft(Shown):
    """The draft is a skill."""

    status: Literal["promoted"]
    skill_id: str
    taxonomy_path: str
    job_id: str
    final_path: str
    version: str | None
