"""Whose things a caller of Fleet may touch: jobs by their owner, figures and taxonomies by the user they are about."""

from __future__ import annotations

from django.conf import settings
from rest_framework.request import Request

from accounts.actor import Actor
from api.authentication import DEFAULT_USERNAME, actor_of
from core.errors import Forbidden
from jobs.models import Job
from jobs.services import get_job


def job_of(request: Request, job_id: str) -> Job:
    """The job, if the caller may touch it. Raises NotFound; in development Forbidden for who says to be another.

    The credential decides. In development mode, where there is none, a caller may say by X-User-Id who they are, and
    then touches their own jobs only.
    """
    job = get_job(actor_of(request), job_id)
    claimed = claimed_user(request)
    if claimed and claimed != job.owner:
        raise Forbidden(f"User '{claimed}' is not the owner of job '{job_id}'", code="not_the_owner")
    return job


def claimed_user(request: Request) -> str:
    """Who a caller without credentials says to be; empty where nobody says so or a credential speaks."""
    is_claim = settings.DEVELOPMENT and actor_of(request).user_id is None
    return request.headers.get("X-User-Id", "") if is_claim else ""


def check_user(actor: Actor, user_id: str) -> str:
    """The user, if the actor may speak for them: for oneself, or as a manager for anybody of the tenant."""
    if user_id not in ("", DEFAULT_USERNAME, actor.username) and not actor.has_role("manager"):
        raise Forbidden(f"Only managers may name another user ('{user_id[:100]}').", code="not_your_user")
    return user_id
