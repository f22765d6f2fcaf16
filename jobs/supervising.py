"""What people do with jobs beside deciding: say who looks at a question, and try a failed job again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.models import User
from accounts.services import record_audit
from core.errors import Conflict, Invalid, NotFound
from core.text import clean_text
from jobs import tasks
from jobs.events import append_event
from jobs.models import Job, Prompt
from jobs.services import get_job
from jobs.states import EventKind, State


def reviewers(client_id: str) -> list[User]:
    """The people of a tenant who may decide, by name."""
    people = User.objects.filter(client_id=client_id, is_active=True, role__in=["manager", "admin"])
    return list(people.order_by("username"))


@transaction.atomic
def assign_prompt(*, actor: Actor, prompt: Prompt, to: str) -> None:
    """Says who looks at an open question: a reviewer of its tenant (or the actor), or nobody (""). Anybody who may
    decide still may.

    Raises NotFound for a foreign prompt, Invalid (field `assignee`) for who is no reviewer, Conflict `no_prompt` when
    it no longer waits.
    """
    actor.require_role("manager")
    if not Prompt.objects.visible_to(actor).filter(pk=prompt.pk).exists():
        raise NotFound("Prompt not found", code="prompt_not_found")
    if to and to != actor.username and to not in {user.username for user in reviewers(prompt.client_id)}:
        message = f"'{to}' is no reviewer of this tenant"
        raise Invalid(message, code="not_a_reviewer", fields={"assignee": [message]})
    changed = Prompt.objects.open().filter(pk=prompt.pk).exclude(assignee=to).update(assignee=to)
    if changed:
        record_audit(actor=actor, action="assign", subject=prompt, detail={"to": to, "job": str(prompt.job_id)})
    elif not Prompt.objects.open().filter(pk=prompt.pk).exists():
        raise Conflict("This question waits no longer.", code="no_prompt")


@transaction.atomic
def retry_job(*, actor: Actor, job_id: UUID | str, reason: str = "") -> Job:
    """Lets a failed job go on where it stopped: finished steps stay, a question nobody answered in time waits anew.

    Raises NotFound, Forbidden below manager, Conflict `job_not_failed`, Invalid (`reason` that no database can hold).
    """
    actor.require_role("manager")
    clean_text(reason, "reason")
    job = get_job(actor, job_id)
    state = State.PENDING_HITL if _ask_again(job) else State.PENDING
    message = f"Tried again by {actor.username}" + (f": {reason}" if reason else "")
    won = Job.objects.filter(pk=job.pk, state=State.FAILED).update(
        state=state,
        error="",
        error_code="",
        message=message[:255],
        crashes=0,
        retries=0,
        finished_at=None,
        lease_until=None,
        cancel_requested_at=None,
        dispatched_at=None,
        available_at=Now(),
        updated_at=Now(),
    )
    if not won:
        raise Conflict(f"Only a failed job can be tried again (status={job.state})", code="job_not_failed")
    append_event(job, EventKind.RETRIED, message, data={"by": actor.username})
    record_audit(actor=actor, action="retry", subject=job, detail={"reason": reason[:200]})
    if state == State.PENDING:
        transaction.on_commit(lambda: tasks.ring(job.pk), robust=True)
    job.refresh_from_db()
    return job


def _ask_again(job: Job) -> int:
    """Reopens the question with which a failed job ended because nobody answered; returns how many: none or one."""
    last = Prompt.objects.filter(job=job, job__state=State.FAILED).order_by("-created_at", "-id").values("pk")[:1]
    unanswered = Prompt.objects.filter(pk__in=last, answered_at=None, closed_at__isnull=False)
    deadline = Now() + timedelta(seconds=settings.HITL_TIMEOUT_SECONDS)
    return unanswered.update(closed_at=None, deadline_at=deadline)
