"""Jobs, skills, versions, taxonomy and people in the admin: what the pages tell and what their buttons do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import ApiKey, AuditEvent, Client, User
from accounts.services import find_api_key, issue_api_key
from accounts.tokens import find_token, issue_token
from jobs.models import Draft, JobEvent, JobStep
from jobs.states import EventKind, State
from skills.models import Skill, SkillAlias, SkillVersion
from taxonomy.models import Category
from tests.admin.conftest import World

STRONG = "correct-horse-battery-9"


def change_url(obj: Any) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


# --- Jobs ------------------------------------------------------------------------------------------------------------


def test_the_list_of_jobs_says_how_far_each_is(world: World, manager: Browser) -> None:
    world.job(text="half way", state=State.RUNNING, progress=45, phase="generation")
    world.job(text="it broke", state=State.FAILED, finished_at=timezone.now(), error="No writer")
    body = manager.get(reverse("admin:jobs_job_changelist")).content.decode()
    assert 'value="45"' in body
    assert "Generation" in body
    only_failed = manager.get(reverse("admin:jobs_job_changelist") + "?state__exact=failed").content.decode()
    assert "it broke" in only_failed
    assert "half way" not in only_failed


def test_a_jobs_page_tells_its_timeline_steps_and_draft(world: World, manager: Browser) -> None:
    job = world.draft(report={"findings": [{"rule": "quality.x", "severity": "info", "message": "a hint"}]}).job
    start = job.created_at
    JobEvent.objects.create(
        job=job, seq=2, kind=EventKind.STEP_FINISHED, phase="understanding", message="Plan", data={"duration_ms": 1500},
        at=start + timedelta(seconds=61),
    )  # fmt: skip
    JobStep.objects.create(job=job, name="generate", round=2, output={"made": "a text"}, duration_ms=20)
    body = manager.get(change_url(job)).content.decode()
    for text in ("+1 min 1 s", "1.5 s of work", "Round 2", "20 ms", "a text", "tidy-logs", "a hint"):
        assert text in body
    assert "<h1>Tidy logs</h1>" in body
    assert "Cancel the job" not in body


def test_cancelling_from_the_jobs_page(world: World, manager: Browser) -> None:
    waiting, running = world.job(state=State.PENDING), world.job(state=State.RUNNING)
    for job in (waiting, running):
        assert manager.post(change_url(job), {"do": "cancel", "reason": "enough"}).status_code == 302
        job.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert running.cancel_requested_at is not None
    assert "Being cancelled" in manager.get(change_url(running)).content.decode()
    again = manager.post(change_url(waiting), {"do": "cancel"})
    assert "already cancelled" in again.content.decode()


def test_promoting_puts_the_draft_into_the_chosen_category(world: World, manager: Browser, no_embedding: None) -> None:
    world.category("operations")
    chosen = world.category("finance", client_id="system")
    draft = world.draft()
    page = manager.get(change_url(draft.job)).content.decode()
    assert '<option value="operations" selected>' in page
    assert "Promote although" not in page
    response = manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": "finance", "make_active": "on"})
    assert response.status_code == 302
    skill = Skill.objects.get(slug="tidy-logs")
    assert (skill.client_id, skill.category, skill.status, skill.semver) == ("42", chosen, "active", "1.0.0")
    draft.refresh_from_db()
    assert (draft.promoted_by, draft.skill) == ("jane", skill)
    assert "promoted by jane" in manager.get(change_url(draft.job)).content.decode()


def test_a_draft_that_failed_is_promoted_only_on_purpose(world: World, manager: Browser, no_embedding: None) -> None:
    world.category("operations")
    draft = world.draft(passed=False)
    refused = manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": "operations"})
    assert "failed validation" in refused.content.decode()
    assert not Skill.objects.exists()
    manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": "operations", "force": "on"})
    assert Skill.objects.get().status == "deprecated"


def test_a_category_that_is_not_there_must_be_chosen_anew(world: World, manager: Browser) -> None:
    world.category("operations")
    draft = world.draft(taxonomy_path="gone/away")
    assert "no such category" in manager.get(change_url(draft.job)).content.decode()
    for path in ("", "gone/away"):
        assert manager.post(change_url(draft.job), {"do": "promote", "taxonomy_path": path}).status_code == 200
    assert Draft.objects.get().promoted_at is None


# --- Skills ----------------------------------------------------------------------------------------------------------


def test_skills_are_found_and_filtered(world: World, manager: Browser) -> None:
    branch = world.category("operations")
    leaf = world.category("operations/logs", parent=branch)
    world.skill(name="In the leaf", slug="leaf-skill", category=leaf)
    world.skill(name="Elsewhere", slug="other-skill", status="deprecated", description="about Quokkas")
    url = reverse("admin:skills_skill_changelist")
    for query, hit, miss in [
        ("?q=quokka", "Elsewhere", "In the leaf"),
        ("?q=leaf-sk", "In the leaf", "Elsewhere"),
        ("?category=operations", "In the leaf", "Elsewhere"),
        ("?category=-", "Elsewhere", "In the leaf"),
        ("?status__exact=deprecated", "Elsewhere", "In the leaf"),
    ]:
        body = manager.get(url + query).content.decode()
        assert hit in body, query
        assert miss not in body, query


def test_a_skills_page_shows_text_files_versions_and_other_addresses(world: World, manager: Browser) -> None:
    skill = world.skill(
        supporting_files=[
            {"path": "scripts/run.sh", "size": 2048, "sha": "ab" * 32, "content": "x", "executable": True}
        ],
        tags=["logs"],
        metadata={"owner": "ops"},
    )
    SkillAlias.objects.create(client_id="42", alias="old/address", slug=skill.slug)
    SkillVersion.objects.create(
        skill=skill, version="0.9.0", sort_key="0", skill_name="x", content="x", document="x", content_sha256="1" * 64,
        description="The first try", deleted_at=timezone.now(), deleted_by="jane",
    )  # fmt: skip
    body = manager.get(change_url(skill)).content.decode()
    for text in (
        "<h1>Tidy logs</h1>",
        "scripts/run.sh",
        "2.0 KB",
        "executable",
        "old/address",
        "The first try",
        "deleted",
    ):
        assert text in body
    version = manager.get(change_url(skill.versions.get(version="1.0.0"))).content.decode()
    assert "<h1>Tidy logs</h1>" in version
    assert "current" in version


def test_shared_skills_are_read_by_every_tenant(world: World, manager: Browser) -> None:
    skill = world.skill("system", name="Shared by all")
    assert "Shared by all" in manager.get(reverse("admin:skills_skill_changelist")).content.decode()
    assert manager.get(change_url(skill)).status_code == 200
    assert manager.post(change_url(skill), {"name": "x"}).status_code == 405


# --- Taxonomy --------------------------------------------------------------------------------------------------------


def test_categories_are_made_moved_and_deleted_by_the_services(world: World, manager: Browser) -> None:
    manager.post(reverse("admin:taxonomy_category_add"), {"slug": "finance", "name": "Finance", "sort_order": 1})
    finance = Category.objects.get(path="finance")
    assert finance.client_id == "42"
    child = {"slug": "tax", "name": "Tax", "parent": finance.pk, "sort_order": 0}
    manager.post(reverse("admin:taxonomy_category_add"), child)
    tax = Category.objects.get(path="finance/tax")
    assert manager.post(change_url(finance), {"slug": "money", "name": "Money", "sort_order": 1}).status_code == 302
    tax.refresh_from_db()
    assert tax.path == "money/tax"
    assert AuditEvent.objects.filter(subject_type="category", actor="jane", surface="admin").count() == 3
    assert manager.post(change_url(tax).replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=tax.pk).exists()
    assert AuditEvent.objects.filter(subject_type="category", action="delete").count() == 1


def test_what_the_service_refuses_shows_in_the_form(world: World, manager: Browser) -> None:
    top = world.category("finance")
    below = world.category("finance/tax", parent=top)
    add = reverse("admin:taxonomy_category_add")
    for data, refusal in [
        ({"slug": "Not A Slug", "name": "x", "sort_order": 0}, "is not a category id"),
        ({"slug": "finance", "name": "x", "sort_order": 0}, "already exists"),
        ({"slug": "", "name": "", "sort_order": 0}, "This field is required."),
    ]:
        response = manager.post(add, data)
        assert response.status_code == 200
        assert refusal in response.content.decode()
    circle = manager.post(change_url(top), {"slug": "finance", "name": "F", "parent": below.pk, "sort_order": 0})
    assert "cannot move into itself" in circle.content.decode()
    assert Category.objects.count() == 2
    manager.post(change_url(top).replace("change", "delete"), {"post": "yes"})
    assert Category.objects.filter(pk=top.pk).exists()


def test_shared_categories_are_seen_and_not_changed(world: World, manager: Browser) -> None:
    shared = world.category("everywhere", client_id="system")
    assert manager.get(change_url(shared)).status_code == 200
    assert manager.post(change_url(shared), {"slug": "mine", "name": "x", "sort_order": 0}).status_code == 403
    assert manager.post(change_url(shared).replace("change", "delete"), {"post": "yes"}).status_code == 403
    under = {"slug": "ours", "name": "Ours", "parent": shared.pk, "sort_order": 0}
    manager.post(reverse("admin:taxonomy_category_add"), under)
    assert Category.objects.get(path="everywhere/ours").client_id == "42"


def test_counts_of_skills_leave_out_other_tenants(world: World, manager: Browser, operator: Browser) -> None:
    shared = world.category("everywhere", client_id="system")
    world.skill("42", category=shared)
    world.skill("99", category=shared)
    for browser, count in ((manager, 1), (operator, 2)):
        rows = browser.get(reverse("admin:taxonomy_category_changelist")).context["cl"].result_list
        assert [row.skills_here for row in rows] == [count]


def test_operators_choose_whose_tree_they_change(world: World, operator: Browser) -> None:
    world.client("99")
    operator.post(
        reverse("admin:taxonomy_category_add"), {"client": "99", "slug": "theirs", "name": "Theirs", "sort_order": 0}
    )
    category = Category.objects.get(path="theirs")
    assert category.client_id == "99"
    operator.post(change_url(category), {"slug": "renamed", "name": "Theirs", "sort_order": 0})
    category.refresh_from_db()
    assert category.path == "renamed"


# --- People ----------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_works(world: World, tenant_admin: Browser, settings: Any) -> None:
    user = world.user("bot", "42", "manager")
    issue = reverse("admin:accounts_apikey_issue")
    assert tenant_admin.get(issue).status_code == 200
    page = tenant_admin.post(issue, {"user": user.pk, "name": "build server", "role": "user", "scopes": ["read"]})
    raw = page.context["raw"]
    assert raw in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    key = find_api_key(raw)
    assert key is not None
    assert (key.user, key.role, key.scopes, key.name) == (user, "user", ["read"], "build server")
    for url in (reverse("admin:accounts_apikey_changelist"), change_url(key), issue):
        assert raw not in tenant_admin.get(url).content.decode()


def test_keys_refused_by_the_service_or_the_form_are_not_issued(world: World, tenant_admin: Browser) -> None:
    user = world.user("bot", "42", "user")
    issue = reverse("admin:accounts_apikey_issue")
    higher = tenant_admin.post(issue, {"user": user.pk, "name": "x", "role": "admin", "scopes": ["read"]})
    assert "above the role" in higher.content.decode()
    past = {"expires_at_0": "2020-01-01", "expires_at_1": "00:00:00"}
    assert "has passed" in tenant_admin.post(issue, {"user": user.pk, "name": "x", **past}).content.decode()
    foreign = world.user("stranger", "99", "user")
    assert "Select a valid choice" in tenant_admin.post(issue, {"user": foreign.pk, "name": "x"}).content.decode()
    for scopes in ([], ["read", "root"]):
        body = {"user": user.pk, "name": "x", "scopes": scopes}
        assert not tenant_admin.post(issue, body).context["raw"]
    assert not ApiKey.objects.exists()


def test_a_key_is_given_another_end(world: World, tenant_admin: Browser, manager: Browser) -> None:
    user = world.user("bot", "42", "user")
    key, raw = issue_api_key(actor=Actor.for_user(user, "command"), user=user, name="x")
    later = {"do": "expire", "expires_at_0": "2099-01-01", "expires_at_1": "12:00:00"}
    assert manager.post(change_url(key), later).status_code == 403
    assert b"Change its end" not in manager.get(change_url(key)).content
    past = tenant_admin.post(change_url(key), {**later, "expires_at_0": "2020-01-01"})
    assert "has passed" in past.content.decode()
    assert "has a new end" in tenant_admin.post(change_url(key), later, follow=True).content.decode()
    key.refresh_from_db()
    assert key.expires_at is not None
    assert key.expires_at.isoformat() == "2099-01-01T12:00:00+00:00"
    assert "has no end" in tenant_admin.post(change_url(key), {"do": "expire"}, follow=True).content.decode()
    assert AuditEvent.objects.filter(action="expire", actor="adam").count() == 2
    assert find_api_key(raw)


def test_tokens_are_seen_and_revoked(world: World, tenant_admin: Browser, manager: Browser) -> None:
    user = world.user("bot", "42", "user")
    actor = Actor.for_user(user, "command")
    key, _ = issue_api_key(actor=actor, user=user, name="build server", scopes=["read"])
    soon = timezone.now() + timedelta(hours=1)
    tokens = [issue_token(actor=actor, user=user, api_key=key, expires_at=soon) for _ in range(3)]
    url = reverse("admin:accounts_accesstoken_changelist")
    page = manager.get(change_url(tokens[0])).content.decode()
    assert "key build server" in page
    assert "Yes, revoke it" not in page
    assert manager.post(change_url(tokens[0])).status_code == 403
    assert tenant_admin.get(url + "?state=live").context["cl"].result_count == 3
    tenant_admin.post(change_url(tokens[0]))
    assert tenant_admin.get(url + "?state=live").context["cl"].result_count == 2
    picked = {"action": "revoke_selected", ACTION_CHECKBOX_NAME: [str(token.pk) for token in tokens]}
    assert "Revoke (2)" in tenant_admin.post(url, picked).content.decode()
    assert "2 tokens revoked." in tenant_admin.post(url, {**picked, "confirmed": "yes"}, follow=True).content.decode()
    assert [find_token(token.pk) for token in tokens] == [None] * 3


def test_keys_are_revoked_one_by_one_or_many(world: World, tenant_admin: Browser, manager: Browser) -> None:
    user = world.user("bot", "42", "user")
    actor = Actor.for_user(user, "command")
    keys = [issue_api_key(actor=actor, user=user, name=f"k{number}")[0] for number in range(3)]
    assert manager.post(change_url(keys[0])).status_code == 403
    tenant_admin.post(change_url(keys[0]))
    picked = {"action": "revoke_selected", ACTION_CHECKBOX_NAME: [str(key.pk) for key in keys]}
    url = reverse("admin:accounts_apikey_changelist")
    assert "Revoke (2)" in tenant_admin.post(url, picked).content.decode()
    assert "2 keys revoked." in tenant_admin.post(url, {**picked, "confirmed": "yes"}, follow=True).content.decode()
    assert not ApiKey.objects.filter(revoked_at=None).exists()
    assert AuditEvent.objects.filter(action="revoke", actor="adam").count() == 3


def test_an_admin_keeps_the_tenants_people_and_nobody_elses(world: World, tenant_admin: Browser) -> None:
    data = {
        "username": "newcomer",
        "display_name": "New",
        "role": "manager",
        "is_staff": "on",
        "usable_password": "true",
    }
    attempt = {**data, "password1": STRONG, "password2": STRONG, "client": "99", "is_superuser": "on"}
    world.client("99")
    assert tenant_admin.post(reverse("admin:accounts_user_add"), attempt).status_code == 302
    made = User.objects.get(username="newcomer")
    assert (made.client_id, made.is_superuser, made.role, made.check_password(STRONG)) == ("42", False, "manager", True)
    changed = {
        "username": "newcomer",
        "display_name": "Newer",
        "role": "user",
        "is_active": "on",
        "is_superuser": "on",
        "client": "99",
    }
    assert tenant_admin.post(change_url(made), changed).status_code == 302
    made.refresh_from_db()
    assert (made.client_id, made.is_superuser, made.role, made.display_name) == ("42", False, "user", "Newer")
    actions = AuditEvent.objects.filter(subject_type="user", actor="adam").values_list("action", flat=True)
    assert sorted(actions) == ["create", "update"]


def test_operators_say_whose_a_new_person_is(world: World, operator: Browser) -> None:
    world.client("99")
    add = reverse("admin:accounts_user_add")
    data = {"username": "newcomer", "role": "user", "usable_password": "true", "password1": STRONG, "password2": STRONG}
    assert "This field is required." in operator.post(add, data).content.decode()
    assert operator.post(add, {**data, "client": "99"}).status_code == 302
    made = User.objects.get(username="newcomer")
    assert made.client_id == "99"
    nobody = {"username": "newcomer", "role": "user", "is_active": "on", "client": ""}
    assert operator.post(change_url(made), nobody).status_code == 200
    made.refresh_from_db()
    assert made.client_id == "99"


def test_passwords_are_changed_and_recorded(world: World, tenant_admin: Browser) -> None:
    user = world.user("forgetful", "42", "user")
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    weak = tenant_admin.post(url, {"password1": "password1234", "password2": "password1234"})
    assert "too common" in weak.content.decode()
    assert tenant_admin.post(url, {"password1": STRONG, "password2": STRONG}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(STRONG)
    assert AuditEvent.objects.filter(action="set_password", subject_id=str(user.pk)).count() == 1
    assert STRONG not in str(list(AuditEvent.objects.values()))


def test_nobody_of_a_tenant_touches_an_operator(world: World, tenant_admin: Browser) -> None:
    boss = world.user("boss", "42", "admin", is_superuser=True)
    assert tenant_admin.post(change_url(boss), {"username": "boss", "role": "user"}).status_code == 403
    url = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert tenant_admin.post(url, {"password1": STRONG, "password2": STRONG}).status_code == 403


def test_tenants_are_made_and_renamed_by_operators(world: World, operator: Browser, tenant_admin: Browser) -> None:
    add = reverse("admin:accounts_client_add")
    assert tenant_admin.post(add, {"id": "7", "name": "Seven"}).status_code == 403
    assert operator.post(add, {"id": "7", "name": "Seven"}).status_code == 302
    client = Client.objects.get(pk="7")
    assert operator.post(change_url(client), {"name": "Seventh"}).status_code == 302
    client.refresh_from_db()
    assert (client.pk, client.name) == ("7", "Seventh")
    assert "already exists" in operator.post(add, {"id": "7", "name": "Again"}).content.decode()
    assert list(AuditEvent.objects.filter(subject_type="client").values_list("action", flat=True)) == [
        "update",
        "create",
    ]


@pytest.mark.parametrize("query", ["?surface=admin", "?action=look", "?q=somebody", "?subject_type=skill"])
def test_the_audit_log_is_filtered(world: World, manager: Browser, query: str) -> None:
    common = {"client_id": "42", "subject_type": "skill", "subject_id": "1"}
    AuditEvent.objects.create(actor="somebody", surface="admin", action="look", subject="wanted-line", **common)
    AuditEvent.objects.create(
        actor="nobody", surface="fleet", action="touch", subject="other-line", **{**common, "subject_type": "job"}
    )
    body = manager.get(reverse("admin:accounts_auditevent_changelist") + query).content.decode()
    assert "wanted-line" in body
    assert "other-line" not in body
