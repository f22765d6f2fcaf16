"""How Fleet (/api/v1) speaks: its name for services, its errors, and its words where they differ from ours."""

from __future__ import annotations

from typing import Any

from api.problems import Dialect, Problem
from jobs.models import Job
from jobs.states import PromptKind, State

VALIDATION_ERROR = "Validation error"
# A description that says too little (the document's words) and an answer that does not fit its question are 400; other
# fields of a wrong type or form are 422.
_BAD_REQUEST = ("task_description", "question_id", "response")

# The words of the original and its command-line client for what the document calls prompt_type.
PROMPT_TYPES = {
    PromptKind.CLARIFYING_QUESTIONS: "clarify",
    PromptKind.STRUCTURE_FIX: "structure_fix",
    PromptKind.CONFIRM: "confirm",
    PromptKind.PREVIEW: "preview",
    PromptKind.REVIEW: "validate",
}
QUESTION_TYPES = {"single_choice": "single", "multiple_choice": "multi", "boolean": "boolean"}


def status_of(job: Job) -> str:
    """`pending` means waiting to start; a job that waits for a worker after its start is running for its clients."""
    return State.RUNNING if job.state == State.PENDING and job.fence else job.state


def wire(problem: Problem, request_id: str) -> tuple[int, dict[str, Any]]:
    """`detail` is the document's key, `error` and `request_id` are the original's; 422 has `details`, one per field."""
    message = "Internal server error" if problem.status == 500 else problem.message
    body: dict[str, Any] = {"detail": message, "error": message, "request_id": request_id}
    if problem.status != 400 or not problem.fields:
        return problem.status, body
    details = [_detail(name, text) for name, texts in problem.fields.items() for text in texts]
    for name in _BAD_REQUEST:
        if texts := problem.fields.get(name):
            return 400, body | {"detail": texts[0], "error": texts[0], "details": details}
    return 422, body | {"error": VALIDATION_ERROR, "details": details}


def _detail(name: str, text: str) -> dict[str, Any]:
    location = [] if name == "body" else name.split(".")
    kind = "missing" if text.endswith("is required") else "value_error"
    return {"type": kind, "loc": ["body", *location], "msg": text}


DIALECT = Dialect("fleet", wire)
