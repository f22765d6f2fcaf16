"""API keys and the audit log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from accounts import keys
from accounts.actor import Actor
from accounts.models import ApiKey, AuditEvent, Client, User
from accounts.services import (
    _note_use,
    expire_api_key,
    find_api_key,
    issue_api_key,
    record_audit,
    revoke_api_key,
)
from core.errors import Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db
OPERATOR = Actor(client_id="42", username="operator", role="admin", surface="command")


@pytest.fixture
def jane() -> User:
    client = Client.objects.create(pk="42", name="Acme")
    return User.objects.create_user("jane", password="correct horse battery", client=client, role="manager")


def test_a_key_is_shown_once_and_kept_as_a_digest(jane: User) -> None:
    row, raw = issue_api_key(actor=OPERATOR, user=jane, name="CI")
    assert keys.is_well_formed(raw)
    stored = str(ApiKey.objects.filter(pk=row.pk).values().get())
    assert raw not in stored
    assert raw[12:] not in str(list(AuditEvent.objects.values()))
    found = find_api_key(raw)
    assert found is not None
    assert (found.client_id, found.role) == ("42", "manager")


def test_a_mistyped_key_costs_no_query(jane: User, django_assert_num_queries) -> None:
    _, raw = issue_api_key(actor=OPERATOR, user=jane, name="CI")
    with django_assert_num_queries(0):
        assert find_api_key(raw[:-1] + ("a" if raw[-1] != "a" else "b")) is None
        assert find_api_key("kam_your_api_key") is None
        assert find_api_key("sk-something") is None


def test_use_is_recorded_but_not_on_every_request(jane: User, django_assert_num_queries) -> None:
    _, raw = issue_api_key(actor=OPERATOR, user=jane, name="CI")
    assert find_api_key(raw)
    assert ApiKey.objects.get().last_used_at is not None
    with django_assert_num_queries(1):
        find_api_key(raw)


def test_of_many_uses_at_once_one_is_recorded(jane: User, monkeypatch: pytest.MonkeyPatch) -> None:
    _, raw = issue_api_key(actor=OPERATOR, user=jane, name="CI")
    find_api_key(raw)
    stale = ApiKey.objects.get()
    written = stale.last_used_at
    stale.last_used_at = None
    _note_use(stale)
    assert ApiKey.objects.get().last_used_at == written, "another request had noted it meanwhile"
    long_ago = timezone.now() - timedelta(minutes=6)
    ApiKey.objects.update(last_used_at=long_ago)
    find_api_key(raw)
    assert ApiKey.objects.get().last_used_at > long_ago


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, ["read", "write", "publish"]), (["read"], ["read"]), (["publish", "read", "read"], ["read", "publish"]),
    ],
)  # fmt: skip
def test_scopes_are_kept_in_their_order(jane: User, given: list[str] | None, kept: list[str]) -> None:
    _, raw = issue_api_key(actor=OPERATOR, user=jane, name="CI", scopes=given)
    found = find_api_key(raw)
    assert found is not None
    assert found.scopes == kept
    assert AuditEvent.objects.get().detail == {"role": "manager", "scopes": kept, "user": "jane"}


@pytest.mark.parametrize("given", [[], ["root"], ["read", "Write"], ["read", ""]])
def test_scopes_that_are_none_are_refused(jane: User, given: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        issue_api_key(actor=OPERATOR, user=jane, name="CI", scopes=given)
    assert refusal.value.fields == {"scopes": ["scopes must be one or more of: read, write, publish"]}
    row, _ = issue_api_key(actor=OPERATOR, user=jane, name="CI")
    with pytest.raises(IntegrityError, match="api_key_scopes"), transaction.atomic():
        ApiKey.objects.filter(pk=row.pk).update(scopes=given)


def test_a_key_is_given_an_end(jane: User) -> None:
    row, raw = issue_api_key(actor=OPERATOR, user=jane, name="CI")
    with pytest.raises(Invalid):
        expire_api_key(actor=OPERATOR, key=row, expires_at=timezone.now())
    tomorrow = timezone.now() + timedelta(days=1)
    expire_api_key(actor=OPERATOR, key=row, expires_at=tomorrow)
    assert find_api_key(raw)
    expire_api_key(actor=OPERATOR, key=row, expires_at=None)
    assert ApiKey.objects.get().expires_at is None
    ApiKey.objects.update(expires_at=timezone.now())
    assert find_api_key(raw) is None
    with pytest.raises(NotFound):
        expire_api_key(actor=OPERATOR, key=row, expires_at=tomorrow)  # an ended key stays ended
    assert AuditEvent.objects.filter(action="expire").count() == 2


def test_revoked_expired_and_inactive_keys_do_not_exist(jane: User) -> None:
    row, revoked = issue_api_key(actor=OPERATOR, user=jane, name="a")
    revoke_api_key(actor=OPERATOR, key=row)
    with pytest.raises(NotFound):
        revoke_api_key(actor=OPERATOR, key=row)
    past = timezone.now() - timedelta(seconds=1)
    _, expired = issue_api_key(actor=OPERATOR, user=jane, name="b", expires_at=past)
    _, inactive = issue_api_key(actor=OPERATOR, user=jane, name="c")
    assert find_api_key(inactive)
    User.objects.update(is_active=False)
    assert [find_api_key(raw) for raw in (revoked, expired, inactive)] == [None, None, None]


def test_a_key_is_never_above_its_owner(jane: User) -> None:
    with pytest.raises(Invalid):
        issue_api_key(actor=OPERATOR, user=jane, name="x", role="admin")


def test_chosen_keys_exist_in_development_only(jane: User, settings) -> None:
    with pytest.raises(Invalid):
        issue_api_key(actor=OPERATOR, user=jane, name="demo", key="kam_your_api_key")
    settings.DEVELOPMENT = True
    issue_api_key(actor=OPERATOR, user=jane, name="demo", key="kam_your_api_key")
    assert find_api_key("kam_your_api_key")
    settings.DEVELOPMENT = False
    assert find_api_key("kam_your_api_key") is None, "a demonstration key must not open a production server"


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event"])
def test_the_audit_log_cannot_be_rewritten(jane: User, statement: str) -> None:
    record_audit(actor=OPERATOR, action="create", subject=jane)
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().actor == "operator"


def test_a_key_loses_what_its_owner_loses(jane: User) -> None:
    _, raw = issue_api_key(actor=OPERATOR, user=jane, name="x")
    User.objects.filter(pk=jane.pk).update(role="user")
    found = find_api_key(raw)
    assert found is not None
    assert (found.role, found.granted_role) == ("manager", "user")
    User.objects.filter(pk=jane.pk).update(client=Client.objects.create(pk="99", name="Globex"))
    assert find_api_key(raw) is None, "a key does not move to another tenant with its owner"


def test_roles_rank() -> None:
    manager = Actor(client_id="42", username="m", role="manager")
    assert manager.has_role("user")
    manager.require_role("manager")
    with pytest.raises(Forbidden):
        manager.require_role("admin")


def test_only_operators_have_no_tenant() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("nobody", password="correct horse battery")
