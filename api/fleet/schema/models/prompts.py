"""What jobs ask of people, and what becomes of answers."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from api.fleet.schema.models.drafts import DraftKeys, MeasuredFigures, RuleFinding
from api.fleet.schema.models.words import HitlType, JobStatus, PromptType, QuestionType
from api.schema.operations import Shown, sometimes


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


class Prompt(DraftKeys):
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
