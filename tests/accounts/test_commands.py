"""Keys from the shell: issued, listed, given an end, revoked."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import keys
from accounts.models import ApiKey, AuditEvent
from accounts.services import find_api_key
from tests.conftest import Tenant

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> str:
    call_command(*map(str, arguments))
    return capsys.readouterr().out


def test_issue_prints_the_key_alone(jane: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    raw = run(
        capsys, "issue_api_key", "jane", "--name", "CI", "--role", "user", "--scopes", "read, write", "--days", 30
    )
    assert keys.is_well_formed(raw.strip())
    key = find_api_key(raw.strip())
    assert key is not None
    key.refresh_from_db()
    assert (key.name, key.role, key.scopes) == ("CI", "user", ["read", "write"])
    assert key.expires_at is not None
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    assert AuditEvent.objects.filter(action="issue", surface="command", subject_id=str(key.pk)).exists()


def test_without_options_a_key_may_do_what_its_user_may(jane: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    key = find_api_key(run(capsys, "issue_api_key", "jane", "--name", "CI").strip())
    assert key is not None
    key.refresh_from_db()
    assert (key.role, key.scopes, key.expires_at) == ("manager", ["read", "write", "publish"], None)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody", "--name", "x"),
        ("jane", "--name", "x", "--role", "admin"),
        ("jane", "--name", "x", "--role", "root"),
        ("jane", "--name", "x", "--scopes", "root"),
        ("jane", "--name", "x", "--scopes", ""),
        ("jane", "--name", "x", "--days", "0"),
        ("jane", "--name", "x", "--days", "1e99"),
        ("jane",),
    ],
    ids=" ".join,
)
def test_what_issue_refuses(jane: Tenant, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("issue_api_key", *arguments)
    assert ApiKey.objects.count() == 1


def test_the_list_tells_everything_but_the_key(jane: Tenant, sam: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    ApiKey.objects.filter(client_id="99").update(expires_at=timezone.now())
    table = run(capsys, "list_api_keys").splitlines()
    assert len(table) == 2, "the live ones, and a heading"
    assert "read,write,publish" in table[1]
    every = run(capsys, "list_api_keys", "--all", "--json")
    assert [(row["tenant"], row["state"]) for row in map(json.loads, every.splitlines())] == [
        ("42", "live"),
        ("99", "expired"),
    ]
    assert jane.key not in every
    assert run(capsys, "list_api_keys", "--json", "--tenant", 7) == ""
    assert json.loads(run(capsys, "list_api_keys", "--json", "--user", "jane"))["user"] == "jane"


def test_expire_and_revoke_by_id_or_beginning(jane: Tenant, capsys: pytest.CaptureFixture[str]) -> None:
    key = ApiKey.objects.get()
    run(capsys, "expire_api_key", key.pk, "--days", 7)
    key.refresh_from_db()
    assert key.expires_at is not None
    run(capsys, "expire_api_key", key.prefix, "--never")
    key.refresh_from_db()
    assert key.expires_at is None
    run(capsys, "revoke_api_key", jane.key)
    assert find_api_key(jane.key) is None
    with pytest.raises(CommandError, match="No such live API key"):
        call_command("revoke_api_key", key.prefix)


def test_a_beginning_that_several_keys_have_ends_none(jane: Tenant, sam: Tenant) -> None:
    with pytest.raises(CommandError, match="Several"):
        call_command("revoke_api_key", "kam_")
    for unknown in ("kam_zzzzzzzz", "", "%"):
        with pytest.raises(CommandError, match="There is no API key"):
            call_command("revoke_api_key", unknown)
    assert ApiKey.objects.live().count() == 2
    for days in ("0", "-1", "nan"):
        with pytest.raises(CommandError, match="--days"):
            call_command("expire_api_key", "kam_", "--days", days)
