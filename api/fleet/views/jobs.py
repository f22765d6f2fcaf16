"""Jobs: how they stand, what they ask, what people answer, and what becomes of their drafts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.fleet import listing
from api.fleet.answers import decision_of
from api.fleet.contract import status_of
from api.fleet.documents import job_document, job_summary, prompt_document
from api.fleet.ownership import claimed_user, job_of
from api.fleet.serializers import CancelBody, ListJobsQuery, PromoteBody
from api.fleet.views import FleetView, draft_of
from core.errors import Conflict
from jobs.models import Job, Prompt
from jobs.services import answer_prompt, cancel_job, promote_draft
from jobs.states import ACTION_WORDS, PromptKind
from skills.catalog import folder_path


class JobList(FleetView):
    def get(self, request: Request) -> Response:
        """The caller's jobs (managers: the tenant's), newest first."""
        query = self.read_query(ListJobsQuery)
        jobs = Job.objects.visible_to(actor_of(request))
        if user := claimed_user(request):
            jobs = jobs.filter(owner=user)
        jobs = listing.jobs_of(jobs, status=query["status"], type=query["type"])
        total, limit, offset = jobs.count(), query["limit"], query["offset"]
        page = list(jobs[offset : offset + limit])
        prompts = {prompt.job_id: prompt for prompt in Prompt.objects.open().filter(job__in=page)}
        return Response(
            {"jobs": [job_summary(job, prompts.get(job.pk)) for job in page], "total": total}
            | {"limit": limit, "offset": offset},
            headers={"X-Total-Count": str(total)},
        )


class JobDetail(FleetView):
    def get(self, request: Request, job_id: str) -> Response:
        job = job_of(request, job_id)
        return Response(job_document(job, draft_of(job), _open_prompt(job)))


class JobCancellation(FleetView):
    def post(self, request: Request, job_id: str) -> Response:
        """A waiting job ends at once, a running one at its next step."""
        job = job_of(request, job_id)
        job = cancel_job(actor=actor_of(request), job_id=job.pk, reason=self.read_body(CancelBody)["reason"])
        return Response({"job_id": str(job.pk), "status": status_of(job)})


class PromptDetail(FleetView):
    def get(self, request: Request, job_id: str) -> Response:
        job = job_of(request, job_id)
        return Response(prompt_document(job, draft_of(job), _open_prompt(job)))


class PromptResponse(FleetView):
    def post(self, request: Request, job_id: str) -> Response:
        """`received`, or `ignored` where nobody asked, somebody else was first, or the answer came twice."""
        job = job_of(request, job_id)
        prompt = _open_prompt(job)
        if prompt is None:
            return _ignored(job, f"No HITL prompt pending (status={status_of(job)})")
        decision = {"prompt_id": prompt.pk, **decision_of(request.data, PromptKind(prompt.kind))}
        try:
            answer_prompt(actor=actor_of(request), job_id=job.pk, **decision)
        except Conflict as conflict:
            return _ignored(job_of(request, job_id), conflict.message)
        job = job_of(request, job_id)
        return Response({"status": "received", "job_status": status_of(job), "detail": None})


def _open_prompt(job: Job) -> Prompt | None:
    return Prompt.objects.open().filter(job=job).first()


def _ignored(job: Job, reason: str) -> Response:
    return Response({"status": "ignored", "job_status": status_of(job), "detail": reason})


class HitlConfig(FleetView):
    def get(self, request: Request) -> Response:
        config: dict[str, Any] = {
            "enabled": True,
            "default_timeout": settings.HITL_TIMEOUT_SECONDS,
            "max_questions": settings.HITL_MAX_QUESTIONS,
            "action_keywords": {str(action): keywords for action, keywords in ACTION_WORDS.items()},
        }
        return Response(config)


class DraftPromotion(FleetView):
    def post(self, request: Request, job_id: str) -> Response:
        body = self.read_body(PromoteBody)
        body["keep_draft"] = not body.pop("delete_draft")
        body["acknowledged"] = body.pop("acknowledge_findings")
        job = job_of(request, job_id)
        draft = promote_draft(actor=actor_of(request), job_id=job.pk, **body)
        return Response(
            {
                "status": "promoted",
                "skill_id": draft.slug,
                "taxonomy_path": draft.taxonomy_path,
                "job_id": job_id,
                "final_path": folder_path(draft.taxonomy_path, draft.slug),
                "version": draft.skill.semver if draft.skill else None,
            }
        )
