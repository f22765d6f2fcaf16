"""What kinds of question and states of jobs look like."""

from __future__ import annotations

from typing import Final

from jobs.states import PromptKind, State

KIND_LABELS: Final = {
    PromptKind.CLARIFYING_QUESTIONS: "info",
    PromptKind.STRUCTURE_FIX: "warning",
    PromptKind.CONFIRM: "",
    PromptKind.PREVIEW: "primary",
    PromptKind.REVIEW: "success",
}
STATE_LABELS: Final = {
    State.PENDING: "",
    State.RUNNING: "info",
    State.PENDING_HITL: "warning",
    State.COMPLETED: "success",
    State.FAILED: "danger",
    State.CANCELLED: "",
}
STATE_WORDS: Final = {State.PENDING_HITL: "Waits for people"}
