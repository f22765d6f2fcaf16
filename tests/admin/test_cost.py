"""What pages ask of the database does not grow with the rows. Their times are in bench/desk_pages.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.admin import lists
from accounts.models import AccessToken, ApiKey, AuditEvent, User
from accounts.services import issue_api_key, record_audit
from jobs.models import JobEvent, JobStep, Prompt
from jobs.states import PromptKind
from marketplace.models import Install
from outbox.models import OutboxEvent
from skills.models import Skill, SkillVersion
from taxonomy.models import Category
from tests.admin.conftest import World


def count_queries(browser: Browser, url: str) -> tuple[int, list[str]]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured), [query["sql"] for query in captured]


def a_key(world: World, number: int) -> ApiKey:
    user = world.user(f"u{number}", "42", "user")
    adam = User.objects.filter(username="adam").first() or world.user("adam", "42", "admin")
    return issue_api_key(actor=Actor.for_user(adam, "admin"), user=user, name=f"k{number}")[0]


def a_token(world: World, number: int) -> AccessToken:
    key, end = a_key(world, number), timezone.now() + timedelta(hours=1)
    return AccessToken.objects.create(client_id="42", user=key.user, api_key=key, role="user", expires_at=end)


def a_line(world: World, number: int) -> None:
    skill = world.skill(slug=f"s{number}")
    record_audit(actor=Actor("42", "jane", "manager"), action=f"a{number}", subject=skill)


def an_install(world: World, number: int) -> Install:
    source = world.skill("99", slug=f"s{number}", is_published=True, semver="1.1.0")
    taken = {"source_id": source.pk, "source_client_id": "99", "source_semver": "1.0.0", "source_sha256": "x"}
    return Install.objects.create(client_id="42", skill=world.skill(slug=f"s{number}"), installed_by="jane", **taken)


FILLERS: dict[str, Callable[[World, int], Any]] = {
    "jobs_prompt": lambda world, number: world.prompt(text=f"r{number}"),
    "jobs_job": lambda world, number: world.job(text=f"r{number}"),
    "conversations_session": lambda world, number: world.conversation("42", "jane", f"c{number}"),
    "skills_skill": lambda world, number: world.skill(slug=f"s{number}", category=world.category(f"c{number}")),
    "skills_skillversion": lambda world, number: world.skill(slug=f"s{number}"),
    "taxonomy_category": lambda world, number: world.category(f"c{number}"),
    "marketplace_listing": lambda world, number: world.skill("99", slug=f"s{number}", is_published=True),
    "marketplace_install": an_install,
    "accounts_client": lambda world, number: world.client(f"t{number}"),
    "accounts_user": lambda world, number: world.user(f"u{number}", "42", "user"),
    "accounts_apikey": a_key,
    "accounts_accesstoken": a_token,
    "accounts_auditevent": a_line,
    "outbox_outboxevent": lambda world, number: OutboxEvent.objects.create(topic="t", key=f"k{number}", payload={}),
}


def test_each_list_is_here() -> None:
    assert set(FILLERS) == {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}


@pytest.mark.parametrize("who", ["operator", "manager"])
@pytest.mark.parametrize("name", FILLERS)
def test_lists_ask_as_many_queries_for_many_rows_as_for_few(
    world: World, request: pytest.FixtureRequest, name: str, who: str
) -> None:
    browser: Browser = request.getfixturevalue(who)
    url = reverse(f"admin:{name}_changelist")
    for number in range(3):
        FILLERS[name](world, number)
    if browser.get(url).status_code == 403:
        return  # the outbox is for operators
    few, _ = count_queries(browser, url)
    for number in range(3, 30):
        FILLERS[name](world, number)
    many, _ = count_queries(browser, url)
    assert many == few
    assert many <= 12


def test_lists_never_load_texts_files_or_vectors(world: World, operator: Browser) -> None:
    Skill.objects.filter(pk=world.skill().pk).update(content="x")
    world.prompt(PromptKind.PREVIEW)
    for name, heavy in (
        ("skills_skill", ["content", "supporting_files", "trigger_embedding"]),
        ("skills_skillversion", ["content", "document", "files", "supporting_files", "trigger_embedding"]),
        ("jobs_prompt", ["data", "response"]),
    ):
        _, statements = count_queries(operator, reverse(f"admin:{name}_changelist"))
        for column in heavy:
            selected = [one for one in statements if f'."{column}",' in one or f'."{column}" FROM' in one]
            assert selected == [], (name, column)


@pytest.mark.parametrize("rows", [1, 15])
def test_pages_ask_a_bounded_number_of_queries(world: World, operator: Browser, rows: int) -> None:
    draft, skill, prompt = world.draft(), world.skill(), world.prompt(PromptKind.REVIEW)
    for number in range(rows):
        JobEvent.objects.create(job=draft.job, seq=number + 2, kind="queued")
        JobStep.objects.create(job=draft.job, name=f"step{number}")
        Category.objects.create(client_id="42", slug=f"c{number}", path=f"c{number}", name="c")
        world.prompt(job=prompt.job, round=number + 2, closed_at=prompt.created_at)
    for obj in (draft.job, skill, prompt):
        url = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
        count, _ = count_queries(operator, url)
        assert count <= 18, obj


# --- Long lists ------------------------------------------------------------------------------------------------------


@pytest.fixture
def three_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)


@pytest.mark.usefixtures("three_counted")
def test_a_list_says_that_there_are_more_than_it_counts(world: World, manager: Browser) -> None:
    url = reverse("admin:jobs_job_changelist")
    for number in range(3):
        world.job(text=f"r{number}")
    assert "3 in all" in " ".join(manager.get(url).content.decode().split())
    world.job(text="r4")
    assert "3 and more" in " ".join(manager.get(url).content.decode().split())


@pytest.mark.usefixtures("three_counted")
def test_nothing_is_done_to_more_rows_than_a_list_tells(world: World, manager: Browser) -> None:
    prompts = [world.prompt(text=f"r{number}") for number in range(4)]
    chosen = {
        "action": "cancel_selected", "select_across": "1", "index": "0", "confirmed": "yes",
        ACTION_CHECKBOX_NAME: [prompts[0].pk],
    }  # fmt: skip
    answer = manager.post(reverse("admin:jobs_prompt_changelist"), chosen, follow=True)
    assert "Narrow the list" in answer.content.decode()
    assert Prompt.objects.open().count() == 4
    prompts[0].job.prompts.update(closed_at=timezone.now())
    manager.post(reverse("admin:jobs_prompt_changelist"), chosen, follow=True)
    assert not Prompt.objects.open().exists()


def test_versions_are_found_by_words_and_by_digest(world: World, manager: Browser) -> None:
    one, other = world.skill(name="Tidy logs"), world.skill(name="Prune roses", slug="roses")
    SkillVersion.objects.bulk_create(
        SkillVersion(
            skill=skill, version="2.0.0", sort_key="2", skill_name=skill.name, content="x", document="x",
            content_sha256=digest * 64,
        )
        for skill, digest in ((one, "a"), (other, "b"))
    )  # fmt: skip
    url = reverse("admin:skills_skillversion_changelist")
    for query, expected in (("prun", {"Prune roses"}), ("log tidy", {"Tidy logs"}), ("b" * 12, {"Prune roses"})):
        found = manager.get(url, {"q": query}).context["cl"].queryset
        assert {version.skill_name for version in found} == expected, query


def test_the_audit_log_is_searched_by_beginnings_and_ids(world: World, manager: Browser) -> None:
    skill = world.skill()
    record_audit(actor=Actor("42", "somebody"), action="look", subject=skill)
    url = reverse("admin:accounts_auditevent_changelist")
    for query, hits in (("some", 1), ("body", 0), (str(skill.pk), 1), (str(uuid4()), 0)):
        assert manager.get(url, {"q": query}).context["cl"].result_count == hits, query
    assert AuditEvent.objects.filter(action="look").count() == 1


def test_the_outbox_is_searched_by_ids_and_by_the_errors_of_what_is_not_sent(world: World, operator: Browser) -> None:
    now, url = timezone.now(), reverse("admin:outbox_outboxevent_changelist")
    OutboxEvent.objects.create(topic="t", key="one", payload={}, published_at=now, last_error="was slow")
    late = OutboxEvent.objects.create(topic="t", key="two", payload={}, last_error="is slow")
    stuck = OutboxEvent.objects.create(topic="t", key="two", payload={}, set_aside_at=now, last_error="so slow")
    for query, expected in (("slow", {late.pk, stuck.pk}), ("two", {late.pk, stuck.pk}), (late.event_id, {late.pk})):
        found = operator.get(url, {"q": str(query)}).context["cl"].queryset
        assert {event.pk for event in found} == expected, query
