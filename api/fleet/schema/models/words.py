"""The words of jobs and of what they ask."""

from __future__ import annotations

from enum import StrEnum


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
