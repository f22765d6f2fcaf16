"""Jobs that a model writes, over TCP: what is kept of each call, what faults become, how texts get better."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Http
from django.utils import timezone
from pytest_django import Settings

from accounts.services import change_client
from core.errors import LimitReached
from inference.usage import Call
from inference.writer import get_writer
from jobs import bell, runner, services, usage
from jobs.models import Draft, Job, JobStep, WriterCall
from jobs.states import Action, JobType, State
from jobs.streaming import TextReader
from taxonomy.services import save_category
from tests.conftest import Tenant
from tests.inference.author import BODY, NAME, POOR_BODY, QUESTION, UNDERSTOOD, author, document, feedback_in, topic_of
from tests.inference.fixtures import KEY
from tests.inference.provider import Fail, Provider, Received, Reply, Say

TASK = "Review PostgreSQL migrations before a release. Our password is hunter2-hunter2."
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)


def start(jane: Tenant, task: str = TASK, **flags: Any) -> Job:
    return services.start_job(actor=jane.actor, request={"task_description": task, **flags})


def run(job: Job) -> Job:
    runner.run_job(job.pk)
    job.refresh_from_db()
    return job


def outputs(job: Job, step: str) -> list[dict[str, Any]]:
    return [one.output for one in JobStep.objects.filter(job=job, name=step).order_by("round")]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a viewer of the newest text has, after each message."""
    seen: list[str] = []
    readers: dict[str, tuple[TextReader, str]] = {}

    def publish(group: str, message: Mapping[str, Any]) -> bool:
        if "take" in message:
            reader, text = readers.get(group, (TextReader(group), ""))
            first, second, third = message["take"]
            try:
                piece = reader.hear((first, second, third), message["offset"], message["text"])
            except LookupError:
                piece = reader.catch_up((first, second))
            if piece:
                text = text[: piece.offset] + piece.text
            readers[group] = reader, text
            seen.append(text)
        return True

    monkeypatch.setattr(bell, "publish", publish)
    return seen


class TestWriting:
    def test_a_model_writes_a_job_and_every_call_is_kept(self, jane: Tenant, model: Provider) -> None:
        job = run(start(jane))
        assert (job.state, job.writer) == (State.COMPLETED, "scripted-1"), job.error
        draft = Draft.objects.get(job=job)
        assert (draft.slug, draft.passed) == (NAME, True)
        assert draft.content.endswith("\n---\n\n" + BODY)
        assert "author: Guildhall with the model scripted-1" in draft.content
        calls = list(WriterCall.objects.filter(job=job).order_by("id"))
        assert [(one.step, one.prompt, one.prompt_version, one.outcome) for one in calls] == [
            ("requirements", "understand", 1, "ok"),
            ("intent", "intent", 1, "ok"),
            ("plan", "plan", 1, "ok"),
            ("generate", "write", 1, "ok"),
        ]
        assert {(one.client_id, one.writer, one.model, one.input_tokens, one.output_tokens) for one in calls} == {
            ("42", "model", "scripted-1", 100, 50)
        }
        assert usage.totals_of(usage.calls_of(job)) == {
            "input_tokens": 400,
            "output_tokens": 200,
            "cost": Decimal("0.0024"),
            "writers": {"scripted-1": ["requirements", "intent", "plan", "generate"]},
        }
        assert "hunter2" not in "".join(one.text for one in model.requests), "secrets do not leave the house"

    def test_the_api_and_the_admin_show_them(
        self,
        jane: Tenant,
        model: Provider,
        client: Http,
    ) -> None:
        job = run(start(jane))
        told = client.get(f"/api/v1/jobs/{job.pk}", headers=jane.headers).json()["usage"]
        assert (told["input_tokens"], told["output_tokens"], told["cost"]) == (400, 200, 0.0024)
        assert told["writers"] == {"scripted-1": ["requirements", "intent", "plan", "generate"]}
        assert [one["prompt"] for one in told["calls"]] == ["understand@1", "intent@1", "plan@1", "write@1"]
        jane.user.is_staff = True
        jane.user.save()
        client.force_login(jane.user)
        page = client.get(f"/admin/jobs/job/{job.pk}/change/").content.decode()
        assert "write@1" in page
        assert "$0.0024" in page

    def test_viewers_see_the_text_as_it_comes(
        self,
        jane: Tenant,
        model: Provider,
        watched: list[str],
    ) -> None:
        model.answer = author(pieces=100, drip=0.01)
        job = run(start(jane, token_streaming=True))
        assert len(watched) > 5
        assert watched[-1] == Draft.objects.get(job=job).content

    def test_a_text_that_broke_off_begins_anew(
        self,
        jane: Tenant,
        model: Provider,
        watched: list[str],
    ) -> None:
        broken = iter([Say(document("# Quite another text\n" + "x " * 300), pieces=20, cut_after=25, drip=0.01)])
        well = author(pieces=100, drip=0.01)

        def reply(request: Received) -> Reply:
            return next(broken, well(request)) if topic_of(request) == "write" else well(request)

        model.answer = reply
        job = run(start(jane, token_streaming=True))
        assert any("Quite another" in one for one in watched)
        assert watched[-1] == Draft.objects.get(job=job).content
        assert [one.outcome for one in WriterCall.objects.filter(step="generate")] == ["model_cut_off", "ok"]

    def test_what_the_model_says_passes_the_gates(self, jane: Tenant, model: Provider) -> None:
        nasty = {
            **UNDERSTOOD,
            "name": "../../Claude <b>Skill</b>\u0000",
            "requested_name": "something nobody asked for",
            "wished_category": "../system",
            "description": "Use when <script>alert(1)</script> asked.",
        }
        bad = "---\nname: other\ndescription: Own words\nwished_category: /etc\n---\n# T\x00\x1b[31m\u202e\n\n" + BODY
        model.answer = author(said={"understand": nasty, "write": bad})
        job = run(start(jane))
        draft = Draft.objects.get(job=job)
        assert job.state == State.COMPLETED
        assert draft.slug == "b-skill-b" or draft.slug.startswith("skill")
        assert not {"\x00", "\x1b", "\u202e"} & set(draft.content)
        assert "other" not in draft.content.split("---")[1]
        assert draft.taxonomy_path != "/etc"

    def test_feedback_reaches_the_model_and_may_change_the_head(self, jane: Tenant, model: Provider) -> None:
        more = "notes:\n  - Named as wished.\n"
        job = run(start(jane, preview=True))
        assert job.state == State.PENDING_HITL
        model.answer = author(said={"write": document(BODY, "lock-checker", "Checks locks. Use when asked.", more)})
        services.answer_prompt(
            actor=jane.actor, job_id=job.pk, action=Action.REVISE, feedback="Call it lock-checker, please"
        )
        run(job)
        newest = outputs(job, "generate")[-1]
        assert (newest["name"], newest["notes"]) == ("lock-checker", ["Named as wished."])
        request = model.requests[-1]
        assert "Call it lock-checker, please" in request.text
        assert BODY.strip() in request.text, "the previous text is there"

    def test_questions_come_once(self, jane: Tenant, model: Provider) -> None:
        model.answer = author(said={"understand": {**UNDERSTOOD, "questions": [QUESTION]}})
        job = run(start(jane))
        prompt = job.prompts.get()
        assert prompt.data["questions"][0]["options"] == ["15", "16", "17"]
        services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.ANSWER, answers={"q1": "16"})
        assert run(job).state == State.COMPLETED
        assert "Which version of PostgreSQL do you run?: 16" in model.requests[1].text

    def test_a_refinement_is_written_by_the_model_too(self, jane: Tenant, model: Provider) -> None:
        category = save_category(actor=jane.actor, slug="data")
        services.promote_draft(actor=jane.actor, job_id=run(start(jane)).pk, taxonomy_path=category.path)
        model.answer = author(said={"revise": document(BODY + "\n## Legacy\n\nOld.\n", "other-name")})
        job = services.start_refinement(actor=jane.actor, address=NAME, feedback="Add a section Legacy")
        run(job)
        draft = Draft.objects.get(job=job)
        assert (job.state, draft.slug) == (State.COMPLETED, NAME)
        assert draft.content.endswith("## Legacy\n\nOld.\n")
        assert feedback_in(model.requests[-1]) == "1. Add a section Legacy"


class TestQuality:
    def test_a_poor_text_is_revised_until_it_is_good(self, jane: Tenant, model: Provider) -> None:
        model.answer = author(said={"write": document(POOR_BODY)})
        job = run(start(jane))
        assert job.state == State.COMPLETED
        last = outputs(job, "quality")[-1]
        assert [one["round"] for one in last["rounds"]] == [1, 2]
        first, second = last["rounds"]
        assert first["score"] < 0.8 <= second["score"]
        assert last["chosen"] == 2
        assert "Add code blocks" in feedback_in(model.requests[-1])
        assert [one["content"].endswith(POOR_BODY) for one in outputs(job, "generate")] == [True, False]
        assert Draft.objects.get(job=job).content == outputs(job, "generate")[-1]["content"]

    def test_after_three_rounds_the_best_one_goes_on(self, jane: Tenant, model: Provider) -> None:
        better = document("# Migration Reviewer\n\n## When to Use\n\n- Now.\n\n## Instructions\n\n1. Do it.\n")
        revisions = iter([better, document(POOR_BODY)])
        well = author(said={"write": document(POOR_BODY + "\nMore.\n")})

        def reply(request: Received) -> Reply:
            return Say(next(revisions)) if topic_of(request) == "revise" else well(request)

        model.answer = reply
        job = run(start(jane))
        last = outputs(job, "quality")[-1]
        assert [one["round"] for one in last["rounds"]] == [1, 2, 3]
        assert last["chosen"] == 2
        assert Draft.objects.get(job=job).content == outputs(job, "generate")[1]["content"]
        assert [topic_of(one) for one in model.requests].count("revise") == 2

    def test_a_writer_that_changes_nothing_is_not_asked_again(self, jane: Tenant, model: Provider) -> None:
        model.answer = author(said={"write": document(POOR_BODY), "revise": document(POOR_BODY)})
        job = run(start(jane))
        assert [topic_of(one) for one in model.requests].count("revise") == 1
        assert (job.state, Draft.objects.get(job=job).passed) == (State.COMPLETED, False)

    def test_feedback_of_people_begins_new_rounds(self, jane: Tenant, model: Provider) -> None:
        model.answer = author(said={"write": document(POOR_BODY)})
        job = run(start(jane, preview=True))
        services.answer_prompt(actor=jane.actor, job_id=job.pk, action=Action.REVISE, feedback="Again")
        run(job)
        assert [[one["round"] for one in output["rounds"]] for output in outputs(job, "quality")] == [
            [1], [1, 2], [3], [3, 4]
        ]  # fmt: skip


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "code"),
        [(Fail(401, body=f'{{"error": "{KEY}"}}'), "model_key_refused"), (Fail(404), "model_not_found")],
    )
    def test_what_cannot_pass_ends_the_job_with_the_reason(
        self,
        jane: Tenant,
        model: Provider,
        fault: Fail,
        code: str,
    ) -> None:
        model.answer = lambda request: fault
        job = run(start(jane))
        assert (job.state, job.error_code) == (State.FAILED, code)
        assert "GUILDHALL_LLM" in job.error
        assert KEY not in job.error
        assert WriterCall.objects.get(job=job).outcome == code

    def test_a_provider_that_is_away_only_delays(self, jane: Tenant, model: Provider) -> None:
        model.script(Fail(429, {"Retry-After": "90"}))
        job = run(start(jane))
        assert job.state == State.PENDING
        assert job.available_at > timezone.now() + timedelta(seconds=60)
        Job.objects.filter(pk=job.pk).update(available_at=timezone.now())
        assert run(job).state == State.COMPLETED
        assert Draft.objects.filter(job=job).count() == 1

    def test_rules_write_instead_only_where_that_is_set(
        self,
        jane: Tenant,
        model: Provider,
        settings: Settings,
    ) -> None:
        settings.LLM_FALLBACK = "offline"
        well = author()
        model.answer = lambda request: Fail(401) if topic_of(request) == "write" else well(request)
        job = run(start(jane))
        assert job.state == State.COMPLETED
        assert usage.totals_of(usage.calls_of(job))["writers"] == {
            "scripted-1": ["requirements", "intent", "plan"],
            "offline": ["generate"],
        }
        assert "Guildhall offline writer" in Draft.objects.get(job=job).content
        assert [one.outcome for one in WriterCall.objects.filter(job=job, step="generate")] == [
            "model_key_refused",
            "ok",
        ]


class TestBudget:
    def spend(self, client_id: str, tokens: int, **fields: Any) -> None:
        usage.record_call(client_id, Call("write", "model", input_tokens=tokens - 1, output_tokens=1))
        if fields:
            WriterCall.objects.filter(client_id=client_id).update(**fields)

    def test_a_used_up_month_stops_new_jobs_only(
        self,
        jane: Tenant,
        sam: Tenant,
        model: Provider,
        settings: Settings,
    ) -> None:
        settings.MONTHLY_TOKENS = 1000
        before = start(jane)
        again = services.start_job(actor=jane.actor, request={"task_description": TASK}, idempotency_key="k")
        self.spend("42", 1000)
        with pytest.raises(LimitReached, match=r"used up \(1,000 of 1,000 tokens\)") as caught:
            start(jane)
        assert 0 < caught.value.retry_after <= 31 * 86400
        with pytest.raises(LimitReached):
            services.start_job(
                actor=jane.actor,
                request={"task_description": TASK, "skill": "x"},
                type=JobType.SKILL_REFINEMENT,
            )
        same = services.start_job(actor=jane.actor, request={"task_description": TASK}, idempotency_key="k")
        assert same.pk == again.pk, "what was accepted is accepted"
        assert run(before).state == State.COMPLETED, "work under way goes on"
        start(sam)

    def test_fleet_says_429_and_when_to_come_back(
        self,
        jane: Tenant,
        model: Provider,
        client: Http,
    ) -> None:
        change_client(actor=jane.actor, client=jane.client, name="Acme", monthly_tokens=10)
        self.spend("42", 10)
        answer = client.post(
            "/api/v1/skills", {"task_description": TASK}, content_type="application/json", headers=jane.headers
        )
        assert answer.status_code == 429
        assert "monthly token budget is used up" in answer.json()["detail"]
        assert int(answer.headers["Retry-After"]) > 0
        assert not Job.objects.exists()

    def test_a_new_month_begins_anew(
        self,
        jane: Tenant,
        model: Provider,
        settings: Settings,
    ) -> None:
        settings.MONTHLY_TOKENS = 10
        now = datetime.now(UTC)
        self.spend("42", 100, created_at=now.replace(day=1, hour=0, minute=0, second=0) - timedelta(seconds=2))
        assert usage.tokens_this_month("42") == 0
        start(jane)

    def test_a_tenants_own_budget_wins(self, jane: Tenant, model: Provider, settings: Settings) -> None:
        settings.MONTHLY_TOKENS = 10
        self.spend("42", 100)
        change_client(actor=jane.actor, client=jane.client, name="Acme", monthly_tokens=0)
        start(jane)

    def test_rules_cost_nothing(self, jane: Tenant, settings: Settings) -> None:
        settings.MONTHLY_TOKENS = 10
        self.spend("42", 100)
        assert not get_writer().spends_tokens
        job = run(start(jane))
        assert usage.totals_of(usage.calls_of(job))["writers"] == {
            "offline": ["requirements", "intent", "plan", "generate"]
        }
        assert usage.totals_of(usage.calls_of(job))["input_tokens"] == 0
