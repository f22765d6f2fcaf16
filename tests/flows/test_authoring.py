"""The main job: twenty people ask for skills; others decide over HTTP or in the admin; all are found by meaning."""

from __future__ import annotations

import json
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from jobs import runner
from jobs.models import Job, Prompt
from skills.models import Skill
from skills.validation import validate_text
from taxonomy.services import load_default_tree
from tests.conftest import Tenant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

REQUESTS = json.loads((Path(__file__).parent.parent / "jobs" / "requests.json").read_text())
LAYERS = ("importable", "specification", "quality")


class Http:
    """A person with an API key."""

    def __init__(self, tenant: Tenant) -> None:
        self.client = Client(headers=tenant.headers)

    def decide(self, job_id: str, kind: str, decision: str, feedback: str, answers: list[str]) -> None:
        prompt = self.client.get(f"/api/v1/hitl/{job_id}/prompt").json()
        assert (prompt["has_prompt"], prompt["prompt_type"]) == (True, kind)
        if kind == "clarifying_questions":
            for question, answer in zip(prompt["data"]["questions"], answers, strict=True):
                self.respond(job_id, {"question_id": question["id"], "response": answer})
        else:
            self.respond(job_id, {"action": decision, "feedback": feedback})

    def respond(self, job_id: str, body: dict[str, Any]) -> None:
        response = self.client.post(f"/api/v1/hitl/{job_id}/response", body, content_type="application/json")
        assert response.status_code == 200, response.content
        assert response.json()["status"] == "received"


class Desk:
    """A person in the admin."""

    def __init__(self, tenant: Tenant) -> None:
        tenant.user.is_staff = True
        tenant.user.save()
        self.client = Client()
        self.client.force_login(tenant.user)

    def decide(self, job_id: str, kind: str, decision: str, feedback: str, answers: list[str]) -> None:
        prompt = Prompt.objects.open().get(job_id=job_id)
        assert prompt.kind == kind
        page = reverse("admin:jobs_prompt_change", args=[prompt.pk])
        assert self.client.get(page).status_code == 200
        form = {"decision": decision, "feedback": feedback}
        if kind == "clarifying_questions":
            form = {"decision": "answer"}
            for number, (question, answer) in enumerate(zip(prompt.data["questions"], answers, strict=True)):
                form[f"question_{number}" + ("_other" if question["options"] else "")] = answer
        self.client.post(page, form)
        prompt.refresh_from_db()
        assert prompt.answered_at, f"the admin did not take the decision about {kind}"


def author(people: Any, tenant: Tenant, one: dict[str, Any]) -> Job:
    """One request from its creation to the finished draft, with a change asked for at the preview."""
    body = {"task_description": one["request"], "enable_hitl_confirm": True}
    body |= {"enable_hitl_preview": True, "enable_hitl_review": True}
    created = Client(headers=tenant.headers).post("/api/v1/skills", body, content_type="application/json")
    assert created.status_code == 200, created.content
    job = Job.objects.get(pk=created.json()["job_id"])
    decisions = {"preview": iter([("revise", one["feedback"]), ("proceed", "")])}
    runner.run_job(job.pk)
    while (prompt := Prompt.objects.open().filter(job=job).first()) is not None:
        decision, feedback = next(decisions.get(prompt.kind, iter([("proceed", "")])))
        next(people).decide(str(job.pk), prompt.kind, decision, feedback, list(one.get("answers", {}).values()))
        runner.run_job(job.pk)
    job.refresh_from_db()
    return job


def test_twenty_requests_become_twenty_good_skills(jane: Tenant, system: Actor) -> None:
    load_default_tree(actor=system)
    people = cycle([Http(jane), Desk(jane)])
    asked = 0
    for one in REQUESTS:
        job = author(people, jane, one)
        assert (job.state, job.progress) == ("completed", 100), (one["request"], job.error)
        asked += Prompt.objects.filter(job=job, kind="clarifying_questions").exists()
        report = validate_text(job.draft.content)
        assert [report.passed(layer) for layer in LAYERS] == [True] * 3, (one["request"], report.errors)
        assert one["expect"].lower() in job.draft.content.lower(), f"the feedback is not visible: {one}"
        promoted = Client(headers=jane.headers).post(
            f"/api/v1/drafts/{job.pk}/promote", {"make_active": True}, content_type="application/json"
        )
        assert promoted.status_code == 200, promoted.content
        one["slug"] = promoted.json()["skill_id"]
    assert asked >= 2, "the vague requests were not asked about"
    assert Skill.objects.filter(client_id="42", semver="1.0.0").count() == len(REQUESTS) == 20
    missed = [one for one in REQUESTS if one["slug"] not in found(jane, one["query"])]
    assert not missed, [(one["query"], found(jane, one["query"])) for one in missed]


def found(tenant: Tenant, query: str) -> list[str]:
    response = Client(headers=tenant.headers).post(
        "/agent/api/skills/search", {"query": query, "limit": 3}, content_type="application/json"
    )
    assert response.status_code == 200
    return [hit["slug"] for hit in response.json()]
