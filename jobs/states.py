"""The words of the jobs engine: states, kinds of job, of prompt and of event, and what an answer may ask for."""

from django.db import models


class State(models.TextChoices):
    """pending -> running -> {pending_hitl -> pending} -> completed | failed | cancelled"""

    PENDING = "pending"
    RUNNING = "running"
    PENDING_HITL = "pending_hitl"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (State.PENDING, State.RUNNING, State.PENDING_HITL)
FINISHED = (State.COMPLETED, State.FAILED, State.CANCELLED)


class JobType(models.TextChoices):
    SKILL_CREATION = "skill_creation"
    SKILL_REFINEMENT = "skill_refinement"
    SKILL_OPTIMIZATION = "skill_optimization"


class PromptKind(models.TextChoices):
    CLARIFYING_QUESTIONS = "clarifying_questions"
    STRUCTURE_FIX = "structure_fix"
    CONFIRM = "confirm"
    PREVIEW = "preview"
    REVIEW = "review"


class Action(models.TextChoices):
    """What a person decides at a checkpoint. ANSWER carries answers to questions or corrected fields."""

    ANSWER = "answer"
    PROCEED = "proceed"
    REVISE = "revise"
    CANCEL = "cancel"


# What people type at a checkpoint; the first word of each is the canonical one.
ACTION_WORDS = {
    Action.PROCEED: ["proceed", "yes", "ok", "okay", "continue", "approve", "accept", "save", "y"],
    Action.REVISE: ["revise", "refine", "change", "edit", "modify", "fix", "update"],
    Action.CANCEL: ["cancel", "abort", "stop", "quit", "no", "n"],
}


class EventKind(models.TextChoices):
    QUEUED = "queued"
    PHASE_STARTED = "phase_started"
    PHASE_FINISHED = "phase_finished"
    STEP_FINISHED = "step_finished"
    PROMPT_OPENED = "prompt_opened"
    PROMPT_ANSWERED = "prompt_answered"
    RETRIED = "retried"
    RECOVERED = "recovered"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PROMOTED = "promoted"


class Phase(models.TextChoices):
    UNDERSTANDING = "understanding"
    GENERATION = "generation"
    VALIDATION = "validation"
