"""How a job stands, told to its page at the desk while it runs: to whoever is signed in there and may see the page."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user
from rest_framework.request import Request

from accounts.actor import Actor
from accounts.models import User
from api.authentication import ContractAuthentication, actor_of
from api.fleet.streams import JobStream
from api.listening import Message
from api.problems import Dialect, Problem
from api.streams import EventStream, sse
from api.views import ContractView
from core.errors import NotFound
from jobs import bell
from jobs.models import Job


class SessionAuthentication(ContractAuthentication):
    """The session of somebody who may work at the desk. For reading only: no token against forged requests is asked."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        page = request._request
        page.session = import_module(settings.SESSION_ENGINE).SessionStore(
            page.COOKIES.get(settings.SESSION_COOKIE_NAME)
        )
        page.user = get_user(page)
        if not isinstance(page.user, User) or not admin.site.has_permission(page):
            return None
        return page.user, Actor.for_user(page.user, self.surface)


def _wire(problem: Problem, request_id: str) -> tuple[int, dict[str, Any]]:
    return problem.status, {"error": problem.message, "request_id": request_id}


class DeskView(ContractView):
    dialect = Dialect("admin", _wire)
    authentication_classes = [SessionAuthentication]


def _job_seen_by(actor: Actor, job_id: UUID) -> Job:
    """As the job's page: operators see all. Raises NotFound."""
    is_operator = User.objects.filter(username=actor.username, is_superuser=True).exists()
    rows = Job.objects.all() if is_operator else Job.objects.visible_to(actor)
    job = rows.filter(pk=job_id).first()
    if job is None:
        raise NotFound("Job not found", code="job_not_found")
    return job


class DeskJobStream(EventStream):
    """GET /admin/jobs/job/{job_id}/live/"""

    view = DeskView
    route = "admin:job-live"
    hub = JobStream.hub

    def open(self, request: Request, **arguments: str) -> StandingFeed:
        try:
            job_id = UUID(arguments["job_id"])
        except ValueError:
            raise NotFound("Job not found", code="job_not_found") from None
        return StandingFeed(_job_seen_by(actor_of(request), job_id).pk)


class StandingFeed:
    """How far a job is, in one message whenever that changes: {state, progress, message, events (how many there were),
    finished}. The page fetches the rest from where it came itself."""

    def __init__(self, job_id: UUID) -> None:
        self.job_id = job_id
        self.group = bell.group_of(job_id)
        self.ended = False
        self._told: Mapping[str, Any] = {}

    def check(self, actor: Actor) -> None:
        _job_seen_by(actor, self.job_id)

    def heartbeat(self) -> bytes:
        return b": still here\n\n"

    def hear(self, message: Message) -> bytes | None:
        return b"" if "text" in message else None

    def read(self) -> bytes:
        job = Job.objects.filter(pk=self.job_id).first()
        if job is None:
            self.ended = True
            return b""
        stands = {
            "state": job.state,
            "progress": job.progress,
            "message": job.message,
            "events": job.next_seq - 1,
            "finished": job.is_finished,
        }
        self.ended = job.is_finished
        if stands == self._told:
            return b""
        self._told = stands
        return sse(stands)
