"""Skills: ask for one, read, change, check."""

from __future__ import annotations

import re
from typing import Any

from django.utils.cache import get_conditional_response
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.fleet.changes import changes_of
from api.fleet.contract import status_of
from api.fleet.documents import report_document, skill_document, skill_summary
from api.fleet.ownership import check_user, job_of
from api.fleet.serializers import (
    CreateSkillBody,
    ListSkillsQuery,
    RefineBody,
    UpdateSkillBody,
    ValidatePathBody,
    job_request,
)
from api.fleet.views import FleetView, draft_of
from core.errors import Invalid, NotFound
from jobs.services import start_job, start_refinement
from skills.catalog import list_skills, validate_skill
from skills.document import DOCUMENT_PATH
from skills.models import Skill
from skills.services import resolve_skill, update_skill
from skills.validation import Report, validate_text
from taxonomy.services import find_category

_DRAFT = re.compile(r"_drafts/([^/]+)/([^/]+)")
_SEGMENT = re.compile(r"[\w-]+")


class PreconditionFailed(APIException):
    status_code = 412
    default_detail = "The skill is not what it was when it was read"
    default_code = "precondition_failed"


class SkillList(FleetView):
    rate = "jobs"

    def get(self, request: Request) -> Response:
        """A bare array, by id, as the original gives it; X-Total-Count says how many there are beyond the page."""
        query = self.read_query(ListSkillsQuery)
        client_id = actor_of(request).client_id
        category = find_category(client_id, query["category"]) if query["category"] else None
        skills = list_skills(client_id, status=query["status"], words=query["search"], category=category)
        page = skills.select_related("category")[query["offset"] : query["offset"] + query["limit"]]
        return Response([skill_summary(skill) for skill in page], headers={"X-Total-Count": str(skills.count())})

    def post(self, request: Request) -> Response:
        """Starts a job that writes the skill. The same Idempotency-Key again answers the same job."""
        body = self.read_body(CreateSkillBody)
        check_user(actor_of(request), body["user_id"])
        wanted = job_request(body)
        key = request.headers.get("Idempotency-Key")
        job = start_job(actor=actor_of(request), request=wanted, idempotency_key=key)
        return Response({"job_id": str(job.pk), "status": status_of(job)})


class SkillDetail(FleetView):
    def get(self, request: Request, skill_id: str) -> Any:
        skill = resolve_skill(actor_of(request).client_id, skill_id)
        response = Response(
            skill_document(skill), headers={"ETag": etag_of(skill), "Cache-Control": "private, no-cache"}
        )
        answer = get_conditional_response(request._request, etag=etag_of(skill), response=response)
        if answer is not None and answer.status_code == PreconditionFailed.status_code:
            raise PreconditionFailed
        return answer

    def put(self, request: Request, skill_id: str) -> Response:
        body = self.read_body(UpdateSkillBody)
        actor = actor_of(request)
        skill = resolve_skill(actor.client_id, skill_id)
        skill = update_skill(actor=actor, skill=skill, **changes_of(skill, body))
        return Response({"status": "updated", "skill_id": skill.slug, "version": skill.semver})


def etag_of(skill: Skill) -> str:
    """Of what the answer is made of: the version's digest, and when anything else about the skill last changed."""
    return f'"{skill.content_sha256[:32]}-{skill.updated_at.timestamp():.6f}"'


class SkillValidation(FleetView):
    scopes = {"POST": "read"}

    def post(self, request: Request, skill_id: str) -> Response:
        skill = resolve_skill(actor_of(request).client_id, skill_id)
        return Response(report_document(validate_skill(skill), skill.content))


class SkillRefinement(FleetView):
    rate = "jobs"

    def post(self, request: Request, skill_id: str) -> Response:
        """Starts a job that works the feedback in and ends in a draft of the next version."""
        body, actor = self.read_body(RefineBody), actor_of(request)
        check_user(actor, body["user_id"])
        job = start_refinement(
            actor=actor,
            address=skill_id,
            feedback=body["feedback"],
            focus_areas=body["focus_areas"],
            review=body["enable_hitl_review"],
            token_streaming=body["enable_token_streaming"],
            idempotency_key=request.headers.get("Idempotency-Key"),
        )
        return Response({"job_id": str(job.pk), "status": "accepted"}, status=202)


class PathValidation(FleetView):
    scopes = {"POST": "read"}

    def post(self, request: Request) -> Response:
        """Checks a draft (`_drafts/<job>/<skill>`) or a skill by its path in the taxonomy."""
        body = self.read_body(ValidatePathBody)
        path = _checked_path(body["skill_path"])
        try:
            report, content = _report(request, path)
        except NotFound:
            raise NotFound(f"Skill path not found: {path}", code="path_not_found") from None
        return Response(report_document(report, content, judged=body["use_llm"]))


def _checked_path(path: str) -> str:
    """The path without empty segments and without a SKILL.md at its end; raises Invalid."""
    segments = [segment.strip() for segment in path.split("/")]
    kept = [segment for segment in segments if segment not in ("", ".")]
    if kept and kept[-1] == DOCUMENT_PATH:
        kept.pop()
    if path.startswith("/") or not kept or not all(_SEGMENT.fullmatch(segment) for segment in kept):
        raise Invalid(f"Invalid skill path: {path[:200]}", code="invalid_path")
    return "/".join(kept)


def _report(request: Request, path: str) -> tuple[Report, str]:
    if parts := _DRAFT.fullmatch(path):
        draft = draft_of(job_of(request, parts[1]))
        if draft is None or draft.slug != parts[2]:
            raise NotFound("No such draft", code="draft_not_found")
        return validate_text(draft.content, draft.slug), draft.content
    skill = resolve_skill(actor_of(request).client_id, path)
    return validate_skill(skill), skill.content
