"""Skills, jobs and prompts as Fleet shows them: the document's keys, and beside them those of the original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.fleet.contract import PROMPT_TYPES, QUESTION_TYPES, status_of
from api.rendering import whole_seconds
from jobs.models import Draft, Job, Prompt
from jobs.states import PromptKind, State
from jobs.steps.optimization.save import SaveImprovement
from jobs.steps.plan import MakePlan
from jobs.steps.requirements import Requirements
from jobs.usage import calls_of, totals_of
from skills.catalog import folder_path
from skills.importing import METADATA_KEY
from skills.models import Skill
from skills.quality import assess
from skills.validation import Report

# The original's prompt is one flat object that always has all its keys.
_FLAT_KEYS = (
    "type", "questions", "rationale", "summary", "path", "key_assumptions", "content", "highlights", "report", "passed",
    "skill_content", "intended_taxonomy_path", "draft_path", "final_path", "saved_path", "validation_passed",
    "validation_status", "validation_score", "question", "research_performed", "current_understanding",
    "readiness_score", "questions_asked", "current_skill_name", "current_description",
)  # fmt: skip
_FLAT_LISTS = ("structure_issues", "structure_warnings", "suggested_fixes")


def skill_document(skill: Skill) -> dict[str, Any]:
    """Name and id are the slug. `metadata` is what was stored by this contract, under the keys that columns answer."""
    stored = {name: value for name, value in skill.metadata.items() if name != METADATA_KEY}
    return {
        "skill_id": skill.slug,
        "name": skill.slug,
        "description": skill.description or "",
        "version": skill.semver,
        "type": stored.get("type"),
        "content": skill.content,
        "metadata": {
            **stored,
            "dependencies": skill.dependencies,
            "capabilities": skill.capabilities,
            "version": skill.semver,
            "author": skill.code_author or skill.author,
            "created_at": whole_seconds(skill.created_at),
        },
    }


def report_document(report: Report, content: str, *, judged: bool = True) -> dict[str, Any]:
    """`score` is the quality of the text, 0..1; without judgement it says only whether the rules are met, 1 or 0."""
    return {
        "passed": report.ok,
        "status": report.status,
        "score": assess(content).overall_score if judged else report.score,
        "errors": report.errors,
        "warnings": report.warnings,
        "checks": report.checks,
    }


def skill_summary(skill: Skill) -> dict[str, Any]:
    return {
        "skill_id": skill.slug,
        "name": skill.slug,
        "description": skill.description or "",
        "version": skill.semver,
        "status": skill.status,
        "category": skill.category.path if skill.category else None,
    }


def job_summary(job: Job, prompt: Prompt | None) -> dict[str, Any]:
    return {
        "job_id": str(job.pk),
        "status": status_of(job),
        "type": job.type,
        "progress": job.progress,
        "created_at": whole_seconds(job.created_at),
        "updated_at": whole_seconds(job.updated_at),
        "task_description": job.request.get("task_description"),
        "user_id": job.owner,
        **_progress(job),
        "hitl_type": PROMPT_TYPES[PromptKind(prompt.kind)] if prompt else None,
    }


def job_document(job: Job, draft: Draft | None, prompt: Prompt | None) -> dict[str, Any]:
    result = job_result(job, draft) if job.is_finished else None
    return {**job_summary(job, prompt), "result": result, **_draft_keys(draft), "usage": usage_document(job)}


_CALLS_SHOWN = 200


def usage_document(job: Job) -> dict[str, Any]:
    """What writers used for the job, call by call; `cost` is in USD, null where no price is known."""
    made = calls_of(job)
    totals = totals_of(made)
    calls = [
        {
            "step": call.step,
            "round": call.round,
            "writer": call.writer,
            "model": call.model or None,
            "prompt": f"{call.prompt}@{call.prompt_version}" if call.prompt else None,
            "input_tokens": call.input_tokens,
            "output_tokens": call.output_tokens,
            "estimated": call.is_estimated,
            "cost": None if call.cost is None else float(call.cost),
            "duration_ms": call.duration_ms,
            "outcome": call.outcome,
        }
        for call in made[-_CALLS_SHOWN:]
    ]
    return {**totals, "cost": None if totals["cost"] is None else float(totals["cost"]), "calls": calls}


def _progress(job: Job) -> dict[str, Any]:
    return {"current_phase": job.phase or None, "progress_message": job.message or None, "error": job.error or None}


def _draft_keys(draft: Draft | None) -> dict[str, Any]:
    """What the original tells of a draft; all null before there is one. `final_path` is virtual."""
    if draft is None:
        return dict.fromkeys(_DRAFT_KEYS) | {"promoted": False}
    final_path = folder_path(draft.taxonomy_path, draft.slug) if draft.promoted_at else None
    return {
        "intended_taxonomy_path": draft.taxonomy_path,
        "draft_path": draft.path,
        "final_path": final_path,
        "saved_path": final_path,
        "validation_passed": draft.passed,
        "validation_status": "passed" if draft.passed else "failed",
        "validation_score": draft.score,
        "promoted": draft.promoted_at is not None,
    }


_DRAFT_KEYS = (
    "intended_taxonomy_path", "draft_path", "final_path", "saved_path", "validation_passed", "validation_status",
    "validation_score",
)  # fmt: skip


# Keys of the original's result, and ours for an optimization, by the step whose output they show.
_STEPS_SHOWN = {"understanding": Requirements.name, "plan": MakePlan.name, "optimization": SaveImprovement.name}


def job_result(job: Job, draft: Draft | None) -> dict[str, Any]:
    """`understanding` and `plan` are null where nothing was written, `optimization` where nothing was measured."""
    steps = job.steps.filter(name__in=_STEPS_SHOWN.values()).order_by("round", "id")
    outputs = dict(steps.values_list("name", "output"))
    return {
        "status": job.state,
        "job_id": str(job.pk),
        "message": job.message,
        "skill_content": draft.content if draft else None,
        "validation_report": draft.report if draft else None,
        "extra_files": draft.files if draft else None,
        **{key: outputs.get(step) for key, step in _STEPS_SHOWN.items()},
        "error": job.error or None,
        "timestamp": whole_seconds(job.finished_at) if job.finished_at else None,
    }


def prompt_document(job: Job, draft: Draft | None, prompt: Prompt | None) -> dict[str, Any]:
    """The document's three keys and the original's flat ones, which tell how the job stands where nothing is asked."""
    flat: dict[str, Any] = dict.fromkeys(_FLAT_KEYS) | {name: [] for name in _FLAT_LISTS}
    flat |= {"status": status_of(job), **_progress(job), **_draft_keys(draft)}
    if draft and job.state == State.COMPLETED:
        flat |= {"skill_content": draft.content, "path": draft.taxonomy_path}
    if prompt is None:
        return {"has_prompt": False, **flat}
    known = {name: prompt.data[name] for name in (*_FLAT_KEYS, *_FLAT_LISTS) if name in prompt.data}
    questions = prompt.data.get("questions")
    return {
        "has_prompt": True,
        "prompt_type": prompt.kind,
        "prompt_id": str(prompt.pk),
        "data": prompt.data | ({"questions": [_question(one) for one in questions]} if questions else {}),
        **flat,
        **known,
        "type": PROMPT_TYPES[PromptKind(prompt.kind)],
        "questions": [_flat_question(one) for one in questions] if questions else None,
    }


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": question["id"],
        "text": question["text"],
        "type": question["type"],
        "options": list(question.get("options") or []),
    }


def _flat_question(question: Mapping[str, Any]) -> dict[str, Any]:
    options = [{"id": text, "label": text, "description": None} for text in question.get("options") or []]
    return {
        "id": question["id"],
        "text": question["text"],
        "question_type": QUESTION_TYPES.get(question["type"], "text"),
        "options": options or None,
        "allows_multiple": question["type"] == "multiple_choice",
        "allows_other": question.get("allows_other", True),
        "rationale": question.get("rationale") or None,
    }
