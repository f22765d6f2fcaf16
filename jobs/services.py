"""What people do with authoring jobs: start, answer, cancel, promote. Admin, APIs and commands call these functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.services import record_audit
from core.errors import Conflict, Invalid, NotFound
from core.text import clean_text
from core.tracing import traceparent
from inference.writer import get_writer
from jobs import answers as answering
from jobs import runner, tasks
from jobs.events import append_event
from jobs.models import Draft, Job, Prompt
from jobs.states import Action, EventKind, JobType, State
from jobs.steps import plan_for
from jobs.usage import check_budget
from skills import services as skills
from skills.models import Skill
from skills.reviewing import require_review
from skills.triggers import check_queries
from taxonomy.services import resolve_path

MIN_DESCRIPTION = 10
MAX_DESCRIPTION = 5000
MAX_SUMMARY = 300
MAX_FOCUS_AREAS, MAX_FOCUS_AREA = 20, 200
# Jobs for which a writer writes.
_WRITTEN = (JobType.SKILL_CREATION, JobType.SKILL_REFINEMENT)
TARGET_METRICS = ("trigger_rate", "token_usage")


def start_job(
    *,
    actor: Actor,
    request: Mapping[str, Any],
    type: JobType = JobType.SKILL_CREATION,
    idempotency_key: str | None = None,
) -> Job:
    """Stores a job and rings for a worker once that is committed.

    `request` of a skill_creation: {"task_description": 10 to 5000 characters, "confirm", "preview", "review",
    "token_streaming": bool}. The same `idempotency_key` again returns the job it made, and is Conflict with another
    request. Raises Invalid (field `task_description`), and LimitReached where the tenant's month is used up.
    """
    request = clean_text(dict(request), "request")
    _check_description(request.get("task_description"))
    if type in _WRITTEN and get_writer().spends_tokens and not _is_known(actor, idempotency_key):
        check_budget(actor.client_id)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                client_id=actor.client_id,
                owner=actor.username,
                type=type,
                request=request,
                plan=plan_for(type, request),
                idempotency_key=idempotency_key or None,
                trace=traceparent(),
            )
            append_event(job, EventKind.QUEUED, "Waiting for a worker")
            record_audit(actor=actor, action="start", subject=job, label=request["task_description"][:100])
            transaction.on_commit(lambda: tasks.ring(job.pk), robust=True)
    except IntegrityError:
        return _job_made_before(actor, request, idempotency_key)
    job.refresh_from_db()
    return job


def _is_known(actor: Actor, idempotency_key: str | None) -> bool:
    return bool(idempotency_key) and Job.objects.visible_to(actor).filter(idempotency_key=idempotency_key).exists()


def _check_description(description: Any) -> None:
    if not isinstance(description, str) or len(description.strip()) < MIN_DESCRIPTION:
        message = f"task_description is required and must be at least {MIN_DESCRIPTION} characters"
    elif len(description) > MAX_DESCRIPTION:
        message = f"task_description must be at most {MAX_DESCRIPTION} characters"
    else:
        return
    raise Invalid(message, code="invalid_task_description", fields={"task_description": [message]})


def _job_made_before(actor: Actor, request: Mapping[str, Any], idempotency_key: str | None) -> Job:
    job = Job.objects.visible_to(actor).filter(idempotency_key=idempotency_key).first()
    if job is None or job.request != request:
        raise Conflict("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
    return job


def start_refinement(
    *,
    actor: Actor,
    address: str,
    feedback: str,
    focus_areas: Sequence[str] = (),
    review: bool = False,
    token_streaming: bool = False,
    idempotency_key: str | None = None,
) -> Job:
    """Starts a job that works feedback into the tenant's own skill and ends in a draft of its next version; with
    `review` people see it first. Raises as `_improvable`, and Invalid (feedback, focus_areas)."""
    skill = _improvable(actor, address)
    areas = [str(area) for area in focus_areas]
    if not feedback.strip() and not areas:
        raise _invalid("feedback", "feedback is required")
    if len(feedback) > answering.MAX_TEXT:
        raise _invalid("feedback", f"feedback must be at most {answering.MAX_TEXT} characters")
    if len(areas) > MAX_FOCUS_AREAS or any(not 0 < len(area) <= MAX_FOCUS_AREA for area in areas):
        message = f"focus_areas must be at most {MAX_FOCUS_AREAS} texts of 1 to {MAX_FOCUS_AREA} characters"
        raise _invalid("focus_areas", message)
    asked = feedback.strip() or ", ".join(areas)
    request: dict[str, Any] = {"skill": skill.slug, "feedback": feedback, "focus_areas": areas, "review": review}
    if token_streaming:
        request["token_streaming"] = True
    request["task_description"] = f"Refine {skill.slug}: {asked}"[:MAX_SUMMARY]
    return start_job(actor=actor, request=request, type=JobType.SKILL_REFINEMENT, idempotency_key=idempotency_key)


def start_optimization(
    *,
    actor: Actor,
    address: str,
    target_metric: str,
    target_value: float,
    queries: Sequence[str] = (),
    idempotency_key: str | None = None,
) -> Job:
    """Starts a job that measures variants of the tenant's own skill, has the best approved and ends in a draft of the
    next version, or without one where nothing measured better.

    `target_metric` is trigger_rate (`target_value`: the wished rate) or token_usage (the wished share of tokens saved),
    both 0..1; `queries` are further ones that should find it. Raises as `_improvable`, and Invalid.
    """
    skill = _improvable(actor, address)
    if target_metric not in TARGET_METRICS:
        raise _invalid("target_metric", f"target_metric must be one of: {', '.join(TARGET_METRICS)}")
    if isinstance(target_value, bool) or not 0 <= target_value <= 1:
        raise _invalid("target_value", "target_value must be a number from 0 to 1")
    request = {"skill": skill.slug, "target_metric": target_metric, "target_value": float(target_value)}
    request |= {"queries": check_queries(queries)}
    request["task_description"] = f"Optimize {skill.slug}: {target_metric} to {target_value:g}"
    return start_job(actor=actor, request=request, type=JobType.SKILL_OPTIMIZATION, idempotency_key=idempotency_key)


def _improvable(actor: Actor, address: str) -> Skill:
    """The tenant's own skill. Raises NotFound for an address it does not see, Forbidden for a shared skill, Conflict
    `skill_deprecated`."""
    skill = skills.resolve_skill(actor.client_id, address)
    skills.require_own(actor, skill)
    if skill.status != Skill.Status.ACTIVE:
        raise Conflict(f"Skill '{skill.slug}' is deprecated", code="skill_deprecated")
    return skill


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, code=f"invalid_{field}", fields={field: [message]})


def get_job(actor: Actor, job_id: UUID | str) -> Job:
    """The job, if the actor may see it; NotFound otherwise, as for an id that is no UUID."""
    try:
        job = Job.objects.visible_to(actor).filter(pk=job_id).first()
    except ValidationError:
        job = None
    if job is None:
        raise NotFound(f"Job '{job_id}' not found", code="job_not_found")
    return job


def _locked(actor: Actor, job_id: UUID | str) -> Job:
    return Job.objects.select_for_update().get(pk=get_job(actor, job_id).pk)


@transaction.atomic
def answer_prompt(
    *,
    actor: Actor,
    job_id: UUID | str,
    action: Action,
    answers: Mapping[str, Any] | None = None,
    feedback: str = "",
    focus_areas: Sequence[str] = (),
    fields: Mapping[str, Any] | None = None,
    prompt_id: UUID | str | None = None,
) -> Prompt:
    """Gives a person's decision to the job's open prompt and lets the job go on.

    Of several questions some may be answered now and the rest later; the prompt stays open until all are. Exactly one
    of several people answering at once decides: the others get Conflict `already_answered` (with who and when) or
    `no_prompt`; who comes after the deadline gets Conflict `prompt_expired`. Raises Invalid for an unknown question or
    option (the prompt stays open), NotFound for a foreign job.
    """
    job = _locked(actor, job_id)
    prompts = Prompt.objects.filter(job=job)
    prompt = prompts.filter(pk=prompt_id).first() if prompt_id else prompts.open().first()
    if prompt is None or not prompt.is_open:
        raise _not_waiting(job, prompt or prompts.filter(answered_at__isnull=False).last())
    if not prompts.filter(pk=prompt.pk, deadline_at__gt=Now()).exists():
        raise Conflict("The time to answer this question is over.", code="prompt_expired")
    given = answering.check(prompt, action, answers or {}, feedback, focus_areas, fields or {})
    response = answering.merge(prompt.response, given)
    if not answering.is_complete(prompt, response):
        prompts.filter(pk=prompt.pk).update(response=response)
        prompt.response = response
        return prompt
    won = prompts.open().filter(pk=prompt.pk).update(response=response, answered_at=Now(), answered_by=actor.username)
    if not won:
        raise _not_waiting(job, prompt)
    Job.objects.filter(pk=job.pk).update(state=State.PENDING, available_at=Now(), updated_at=Now(), trace=traceparent())
    data = {"prompt": str(prompt.pk), "kind": prompt.kind, "action": action, "by": actor.username}
    append_event(job, EventKind.PROMPT_ANSWERED, f"{actor.username} decided: {action}", data=data)
    record_audit(actor=actor, action="answer", subject=job, detail={"kind": prompt.kind, "action": action})
    transaction.on_commit(lambda: tasks.ring(job.pk), robust=True)
    prompt.refresh_from_db()
    return prompt


def _not_waiting(job: Job, last: Prompt | None) -> Conflict:
    if last and last.answered_at and job.state != State.PENDING_HITL:
        when = last.answered_at.strftime("%Y-%m-%d %H:%M:%S UTC")
        message = f"No HITL prompt pending (status={job.state}); {last.answered_by} answered at {when}."
        return Conflict(message, code="already_answered")
    return Conflict(f"No HITL prompt pending (status={job.state})", code="no_prompt")


@transaction.atomic
def cancel_job(*, actor: Actor, job_id: UUID | str, reason: str = "") -> Job:
    """Calls the job off: at once while it waits, at its next checkpoint while it runs. Conflict when it has ended."""
    clean_text(reason, "reason")
    job = _locked(actor, job_id)
    if job.is_finished:
        raise Conflict(f"Job is already {job.state}", code="job_finished")
    record_audit(actor=actor, action="cancel", subject=job, detail={"reason": reason[:200]})
    if job.state == State.RUNNING:
        Job.objects.filter(pk=job.pk, cancel_requested_at=None).update(cancel_requested_at=Now(), updated_at=Now())
    else:
        runner.finish(job, State.CANCELLED, f"Cancelled by {actor.username}" + (f": {reason}" if reason else ""))
    job.refresh_from_db()
    return job


@transaction.atomic
def promote_draft(
    *,
    actor: Actor,
    job_id: UUID | str,
    taxonomy_path: str | None = None,
    make_active: bool = True,
    overwrite: bool = True,
    force: bool = False,
    acknowledged: bool = False,
    keep_draft: bool = True,
    reason: str = "",
) -> Draft:
    """Puts a finished job's draft into the registry: a new skill as 1.0.0, or the next version of the tenant's skill at
    the same address (Conflict `skill_exists` with `overwrite=False`).

    Promoting again returns the same draft unchanged, unless it went with `keep_draft=False`. Raises, in this order:
    NotFound, Invalid `job_not_completed`, `no_draft`, `validation_failed` (unless `force`), `category_not_found`;
    Conflict where the tenant wants the draft's content findings `acknowledged` and they are not.
    """
    actor.require_role("manager")
    job = _locked(actor, job_id)
    draft = _promotable(job, force=force)
    if draft.promoted_at:
        return draft
    path = (taxonomy_path or draft.taxonomy_path).strip("/")
    category = resolve_path(actor.client_id, path) if path else None
    if category is None and (path or "base" not in draft.report):
        message = f"Invalid target path: there is no category '{path}'"
        raise Invalid(message, code="category_not_found", fields={"taxonomy_path": [message]})
    found = require_review(job.client_id, draft.content, draft.files, acknowledged=acknowledged)
    status = "active" if make_active else "deprecated"
    skill = _store(actor, draft, overwrite, force, category=category, status=status)
    won = Draft.objects.filter(pk=draft.pk, promoted_at=None).update(
        promoted_at=Now(),
        promoted_by=actor.username,
        taxonomy_path=path,
        skill=skill,
        skill_version=skill.versions.get(version=skill.semver),
    )
    if not won:
        raise Conflict("The draft was promoted by somebody else.", code="already_promoted")
    data = {"skill": skill.slug, "version": skill.semver, "taxonomy_path": path, "by": actor.username}
    append_event(job, EventKind.PROMOTED, f"Promoted as {skill.slug} {skill.semver}", data=data)
    rules = sorted({one.rule for one in found})
    detail = {**data, "findings": rules}
    record_audit(actor=actor, action="promote", subject=job, label=skill.slug, detail=detail, reason=reason)
    draft.refresh_from_db()
    if not keep_draft:
        Draft.objects.filter(pk=draft.pk).delete()
    return draft


def _promotable(job: Job, *, force: bool) -> Draft:
    if job.state != State.COMPLETED:
        raise Invalid(f"Job is not completed (status={job.state})", code="job_not_completed")
    draft = Draft.objects.select_related("skill").filter(job=job).first()
    if draft is None:
        raise Invalid("Job does not have a draft to promote", code="no_draft")
    if not draft.passed and not force:
        raise Invalid("Draft failed validation. Pass force=true to promote anyway.", code="validation_failed")
    return draft


def _store(actor: Actor, draft: Draft, overwrite: bool, force: bool, **fields: Any) -> Skill:
    """The draft as a new skill, or as the next version of the one at its address.

    A draft made from a version (`base` of its report) does not overwrite what came after that, unless by force.
    """
    values = {**draft.as_skill_fields(), **fields}
    existing = Skill.objects.filter(client_id=actor.client_id, slug=draft.slug).heads().first()
    if existing is None:
        return skills.create_skill(
            actor=actor,
            name=draft.slug,
            slug=draft.slug,
            created_via="fleet",
            source_type="auto_generated",
            code_author=draft.job.owner,
            audited=False,
            **values,
        )
    if not overwrite:
        raise Conflict("Target skill already exists (overwrite=false)", code="skill_exists")
    base = draft.report.get("base")
    present = (existing.semver, existing.content_sha256)
    if base and (base["semver"], base["content_sha256"]) != present and not force:
        message = f"Skill '{draft.slug}' is {existing.semver} now; the draft was made from {base['semver']}"
        raise Conflict(message, code="skill_changed")
    # A draft is a version also where only description or keywords differ.
    is_same_text = (draft.content, draft.files) == (existing.content, existing.supporting_files)
    semver = skills.next_free_patch(existing) if is_same_text else None
    description = f"From job {draft.job_id}"
    return skills.update_skill(
        actor=actor, skill=existing, semver=semver, version_description=description, audited=False, **values
    )
