"""Tenants, people, keys, tokens and the audit log in the admin: what the pages tell and what their buttons do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import ApiKey, AuditEvent, Client, User
from accounts.services import find_api_key, issue_api_key
from accounts.tokens import find_token, issue_token
from tests.admin.conftest import World, change_url

STRONG = "correct-horse-battery-9"


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
