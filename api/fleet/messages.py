"""What a job's stream says, in the words of the original.

Messages with a number tell what happened, and are the same for every viewer. Messages without one tell what is now:
they are not repeated when a viewer resumes, unless they are still true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.fleet.contract import PROMPT_TYPES, status_of
from api.fleet.documents import job_result, prompt_document
from api.streams import sse
from jobs.models import Draft, Job, JobEvent, Prompt
from jobs.states import EventKind, PromptKind, State
from jobs.steps import STEPS
from jobs.streaming import Piece

DONE = sse(b"[DONE]")
# A message that has no place in the log.
NO_SEQUENCE = -1
MODULES = {
    "structure": "structure_validator",
    "clarify": "hitl_questions",
    "intent": "intent_analyzer",
    "placement": "taxonomy_finder",
    "dependencies": "dependency_analyzer",
    "plan": "plan_synthesizer",
    "generate": "content_generator",
    "quality": "quality_assessor",
    "validate": "compliance_validator",
    "revise": "content_refiner",
    "check_revision": "compliance_validator",
}
_TYPES = {
    EventKind.QUEUED: "status",
    EventKind.PHASE_STARTED: "phase_start",
    EventKind.PHASE_FINISHED: "phase_end",
    EventKind.STEP_FINISHED: "module_end",
    EventKind.COMPLETED: "completed",
    EventKind.FAILED: "error",
    EventKind.CANCELLED: "status",
}
_STATUS = {EventKind.QUEUED: State.PENDING, EventKind.CANCELLED: State.CANCELLED}


def happened(event: JobEvent, job: Job, draft: Draft | None) -> bytes:
    """An event of the log, under its number. `draft` counts where the event is the job's completion."""
    kind = EventKind(event.kind)
    message = _message(_TYPES.get(kind, "progress"), job, event.message, _data(event, job, draft), event.seq)
    message |= {"phase": event.phase.capitalize() or None, "timestamp": event.at.timestamp()}
    if kind in _STATUS:
        message["status"] = _STATUS[kind]
    if kind == EventKind.FAILED:
        message["error_code"] = event.data.get("error_code") or "job_failed"
    return sse(message, event.seq)


def _data(event: JobEvent, job: Job, draft: Draft | None) -> dict[str, Any]:
    match event.kind:
        case EventKind.STEP_FINISHED:
            return {**event.data, "module": module_of(event.data["step"]), "success": True}
        case EventKind.COMPLETED:
            phases = dict.fromkeys(STEPS[step].phase.capitalize() for step in job.plan if step in STEPS)
            return {"result": job_result(job, draft), "phases_completed": list(phases)}
        case EventKind.FAILED:
            return {"error": event.message, **event.data}
        case _:
            return {**event.data, "event": event.kind}


def module_of(step: str) -> str:
    return MODULES.get(step, step)


def module_started(job: Job, step: str) -> bytes:
    return sse(_message("module_start", job, f"Running {module_of(step)}", {"module": module_of(step), "step": step}))


def reasoned(job: Job, step: str, reasoning: str) -> bytes:
    """What a step gave as its reason; steps that give none say nothing."""
    return sse(_message("reasoning", job, "", {"module": module_of(step), "reasoning": reasoning[:500]}))


def text(job_id: Any, piece: Piece) -> bytes:
    """`reset` says that the text begins anew: what came before no longer counts."""
    data = {"module": "content_generator", "field": "skill_content", "chunk": piece.text, "offset": piece.offset}
    data |= {"reset": True} if piece.offset == 0 else {}
    message = {"type": "token_stream", "job_id": str(job_id), "message": piece.text, "data": data}
    return sse(message | {"sequence": NO_SEQUENCE})


def status(job: Job) -> bytes:
    return sse(_message("status", job, f"Job status: {status_of(job)}", {}) | {"status": status_of(job)})


def progress(job: Job) -> bytes:
    return sse(_message("progress", job, job.message, {"progress": job.progress}))


def waiting(job: Job, prompt: Prompt) -> bytes:
    """Two messages, once for each question: what is asked, and that the job pauses for it."""
    data = {
        "hitl_type": PROMPT_TYPES[PromptKind(prompt.kind)],
        "prompt_type": prompt.kind,
        "prompt_id": str(prompt.pk),
        "data": prompt_document(job, None, prompt)["data"],
    }
    required = _message("hitl_required", job, job.message, data)
    pause = _message("hitl_pause", job, f"Waiting for user: {status_of(job)}", {"hitl_type": data["hitl_type"]})
    return sse(required) + sse(pause | {"status": status_of(job)})


def ended(job: Job) -> bytes:
    return sse({"type": "complete", "status": job.state, "job_id": str(job.pk), "message": job.message}) + DONE


def heartbeat(now: float) -> bytes:
    return sse({"type": "heartbeat", "timestamp": now, "sequence": NO_SEQUENCE})


def _message(kind: str, job: Job, message: str, data: Mapping[str, Any], sequence: int = NO_SEQUENCE) -> dict[str, Any]:
    return {"type": kind, "job_id": str(job.pk), "message": message, "data": data, "sequence": sequence}
