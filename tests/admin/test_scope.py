"""Whose rows one sees and what one may do: every page, for the staff of two tenants, readers and operators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db.models.functions import Now
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEvent, Client, User
from accounts.services import issue_api_key, record_audit
from accounts.tokens import issue_token
from jobs.models import Job, Prompt
from jobs.states import PromptKind, State
from marketplace.models import Install
from outbox.models import OutboxEvent
from tests.admin.conftest import World, change_url, list_url

CANARY = "canary-of-tenant-99"
OUR_MODELS = [
    model
    for model in admin.site._registry
    if model.__module__.split(".")[0] in {"accounts", "jobs", "skills", "taxonomy", "outbox", "conversations"}
]


def fill(world: World, client_id: str, mark: str, actor: Actor) -> dict[str, Any]:
    """A row of every model in the tenant, each carrying the mark; by model name."""
    user = world.user(f"user-{mark}", client_id, "manager", display_name=f"person {mark}")
    Client.objects.filter(pk=client_id).update(name=f"tenant {mark}")
    category = world.category(f"{mark}", client_id, description=mark)
    skill = world.skill(client_id, name=f"Skill {mark}", slug=f"skill-{mark}", category=category, description=mark)
    prompt = world.prompt(PromptKind.PREVIEW, client_id, text=f"request {mark}")
    draft = world.draft(client_id, content=f"# {mark}")
    key, _ = issue_api_key(actor=actor, user=user, name=f"key {mark}")
    token = issue_token(actor=actor, user=user, api_key=key, expires_at=timezone.now() + timedelta(hours=1))
    event = record_audit(actor=actor, action="look", subject=skill, label=mark)
    session = world.conversation(client_id, {"42": "adam", "99": "sam"}[client_id], mark)
    return {
        "session": session,
        "client": user.client, "user": user, "category": category, "skill": skill, "skillversion": skill.versions.get(),
        "prompt": prompt, "job": draft.job, "apikey": key, "accesstoken": token, "auditevent": event,
    }  # fmt: skip


@pytest.fixture
def rows(world: World, other_tenant: Actor) -> dict[str, dict[str, Any]]:
    OutboxEvent.objects.create(topic="skills", key="k", payload={"canary": CANARY})
    ours = Actor(client_id="42", username="maker", role="admin", surface="command")
    return {"42": fill(world, "42", "mark-of-tenant-42", ours), "99": fill(world, "99", CANARY, other_tenant)}


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
def test_operators_see_the_lists_and_pages_of_all_tenants(operator: Browser, rows: Any, model: Any) -> None:
    assert operator.get(list_url(model)).status_code == 200
    for obj in model._default_manager.all():
        assert operator.get(change_url(obj)).status_code == 200
    body = operator.get(list_url(model, "?state=all" if model.__name__ == "Prompt" else "")).content.decode()
    if model.__name__ != "OutboxEvent":
        assert CANARY in body or model.__name__ == "Job"
        assert "mark-of-tenant-42" in body or model.__name__ == "Job"


@pytest.mark.parametrize(
    "model", [model for model in OUR_MODELS if model is not OutboxEvent], ids=lambda model: model.__name__
)
@pytest.mark.parametrize("query", ["", "?q=canary", "?state=all", "?state=live", "?tenant=99"])
def test_staff_never_see_another_tenants_rows_in_lists(
    tenant_admin: Browser, rows: Any, model: Any, query: str
) -> None:
    response = tenant_admin.get(list_url(model, query), follow=True)
    assert response.status_code == 200
    assert CANARY not in response.content.decode().replace("q=canary", "")


def test_lists_show_the_staffs_own_rows(tenant_admin: Browser, rows: Any) -> None:
    for name, obj in rows["42"].items():
        if name != "job":
            assert "mark-of-tenant-42" in tenant_admin.get(list_url(obj)).content.decode(), name


def test_pages_of_another_tenant_do_not_exist_for_staff(tenant_admin: Browser, rows: Any) -> None:
    for name, obj in rows["42"].items():
        assert tenant_admin.get(change_url(obj)).status_code == 200, name
    for name, obj in rows["99"].items():
        for url in (
            change_url(obj),
            change_url(obj).replace("/change/", "/delete/"),
            change_url(obj).replace("/change/", "/history/"),
        ):
            response = tenant_admin.get(url, follow=True)
            assert CANARY not in response.content.decode().split("doesn’t exist")[-1], (name, url)
            assert not response.redirect_chain or response.redirect_chain[0][0] == reverse("admin:index")
        posted = tenant_admin.post(change_url(obj), {"decision": "proceed", "do": "cancel"})
        assert posted.status_code in {302, 403, 404}, name
    rows["99"]["prompt"].refresh_from_db()
    assert rows["99"]["prompt"].is_open
    rows["99"]["apikey"].refresh_from_db()
    assert rows["99"]["apikey"].revoked_at is None
    rows["99"]["accesstoken"].refresh_from_db()
    assert rows["99"]["accesstoken"].revoked_at is None


def test_drop_downs_offer_only_what_the_person_sees(tenant_admin: Browser, rows: Any) -> None:
    for url in (
        reverse("admin:taxonomy_category_add"),
        reverse("admin:accounts_apikey_issue"),
        change_url(rows["42"]["user"]),
    ):
        body = tenant_admin.get(url).content.decode()
        assert CANARY not in body, url
    assert "mark-of-tenant-42" in tenant_admin.get(reverse("admin:taxonomy_category_add")).content.decode()


def test_the_outbox_is_for_operators_alone(tenant_admin: Browser, rows: Any) -> None:
    assert tenant_admin.get(list_url(OutboxEvent)).status_code == 403
    assert "Outbox" not in tenant_admin.get(reverse("admin:index")).content.decode()


def test_readers_read_and_decide_nothing(world: World, reader: Browser) -> None:
    job = world.job(owner="ursula", state="pending_hitl")
    prompt = world.prompt(PromptKind.CONFIRM, job=job)
    page = reader.get(change_url(prompt))
    assert page.status_code == 200
    assert b'value="proceed"' not in page.content
    assert reader.post(change_url(prompt), {"decision": "proceed"}).status_code == 403
    assert reader.post(change_url(job), {"do": "cancel"}).status_code == 403
    assert b"approve_selected" not in reader.get(list_url(prompt)).content
    category = world.category()
    assert reader.get(reverse("admin:taxonomy_category_add")).status_code == 403
    assert reader.post(change_url(category), {"slug": "x", "name": "x"}).status_code == 403
    for model in ("user", "apikey", "accesstoken", "auditevent"):
        assert reader.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 403
    prompt.refresh_from_db()
    assert prompt.is_open


def test_readers_see_their_own_jobs_only(world: World, reader: Browser) -> None:
    mine, other = (
        world.prompt(text="mine-to-see", job=world.job(text="mine-to-see", owner="ursula")),
        world.prompt(text="of-a-colleague"),
    )
    assert b"mine-to-see" in reader.get(list_url(mine)).content
    assert b"of-a-colleague" not in reader.get(list_url(other)).content
    assert b"of-a-colleague" not in reader.get(list_url(other.job)).content


def test_conversations_are_read_by_those_who_had_them(
    world: World, manager: Browser, tenant_admin: Browser, operator: Browser
) -> None:
    session = world.conversation("42", "jane", "between-us")
    for browser, sees in ((manager, True), (operator, True), (tenant_admin, False)):
        assert (b"between-us" in browser.get(list_url(session)).content) is sees
        page = browser.get(change_url(session), follow=True).content
        assert (b"asks: confirm promotion" in page and b"scripted, 1 calls, 12 tokens" in page) is sees
    assert manager.post(change_url(session)).status_code == 405


def test_people_without_staff_rights_are_sent_to_the_login(world: World, sign_in: Callable[[User], Browser]) -> None:
    user = world.user("outsider", "42", "admin")
    User.objects.filter(pk=user.pk).update(is_staff=False)
    response = sign_in(user).get(list_url(world.prompt()))
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_the_sidebar_counts_what_waits_for_this_person(world: World, manager: Browser, operator: Browser) -> None:
    for client_id in ("42", "42", "99"):
        world.prompt(client_id=client_id)
    assert "Inbox: 2 waiting" in manager.get(list_url(Prompt)).content.decode()
    for browser, count in ((manager, 2), (operator, 3)):
        inbox = browser.get(reverse("admin:index")).context["sidebar_navigation"][0]["items"][0]
        assert inbox["badge"] == str(count)
        assert browser.get(reverse("counts")).json()[list_url(Prompt)] == str(count)
    Prompt.objects.update(closed_at=Now())
    assert manager.get(reverse("admin:index")).context["sidebar_navigation"][0]["items"][0]["badge"] == ""
    assert "nothing waits" in manager.get(list_url(Prompt)).content.decode()


def test_counts_are_bounded_and_for_those_who_see_the_lists(
    world: World, manager: Browser, reader: Browser, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for client_id in ("42", "42", "42", "99"):
        world.job(client_id, state=State.RUNNING)
    world.job(state=State.COMPLETED, finished_at=timezone.now())
    OutboxEvent.objects.create(topic="t", key="k", payload={}, set_aside_at=timezone.now())
    jobs, outbox = list_url(Job), list_url(OutboxEvent)
    assert manager.get(reverse("counts")).json() == {list_url(Prompt): "", jobs: "3", list_url(Install): ""}
    assert reader.get(reverse("counts")).json()[jobs] == ""
    told = operator.get(reverse("counts")).json()
    assert (told[jobs], told[outbox]) == ("4", "1")
    monkeypatch.setattr("config.desk.MOST", 2)
    assert manager.get(reverse("counts")).json()[jobs] == "2+"
    assert Browser().get(reverse("counts")).status_code == 302


def test_nothing_read_only_can_be_added_or_deleted(operator: Browser, rows: Any) -> None:
    for name in (
        "jobs_job",
        "jobs_prompt",
        "conversations_session",
        "skills_skill",
        "skills_skillversion",
        "accounts_auditevent",
        "outbox_outboxevent",
        "accounts_apikey",
        "accounts_accesstoken",
    ):
        assert operator.get(reverse(f"admin:{name}_add")).status_code == 403, name
    for name, obj in rows["42"].items():
        if name != "category":
            assert operator.post(change_url(obj).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403, (
                name
            )
    assert AuditEvent.objects.exists()
