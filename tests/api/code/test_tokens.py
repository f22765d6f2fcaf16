"""POST /auth/token, GET /auth/verify, POST /auth/revoke, and what ends a token.

How often one may try is in tests/chaos/test_tokens_and_limits.py.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client as Http
from django.utils import timezone
from pytest_django import Settings

from accounts.actor import Actor
from accounts.models import AccessToken, ApiKey, AuditEvent, Client, User
from accounts.services import issue_api_key, revoke_api_key
from skills.models import Skill
from tests.api.code.conftest import PASSWORD, Caller, make_user, problem, wrong_fields
from tests.conftest import Tenant

KEY = django_settings.JWT_SIGNING_KEY


@pytest.fixture
def mary(jane: Tenant) -> User:
    return make_user(jane, "mary", "manager")


def ask(**body: Any) -> Any:
    return Caller().post("/auth/token", body)


def login(role: str | None = None) -> Any:
    return ask(username="mary", password=PASSWORD, **({"role": role} if role else {}))


def bearer(answer: Any) -> Caller:
    assert answer.status_code == 200, answer.content
    return Caller(Authorization=f"Bearer {answer.json()['data']['token']}")


def claims(answer: Any) -> Any:
    return jwt.decode(answer.json()["data"]["token"], KEY, algorithms=["HS256"], issuer="guildhall")


def is_dead(caller: Caller) -> bool:
    """Refused everywhere, as if it had never been a token."""
    if caller.get("skills").status_code == 200:
        return False
    return problem(caller.get("/auth/verify")) == (401, "UNAUTHORIZED")


def test_a_password_buys_a_token(mary: User) -> None:
    answer = login()
    data = answer.json()["data"]
    assert data.keys() == {"token", "token_type", "expires_in", "expires_at", "role"}
    assert (data["token_type"], data["expires_in"], data["role"]) == ("Bearer", 900, "manager")
    said = claims(answer)
    assert {"sub": "mary", "role": "manager", "client_id": "42", "iss": "guildhall"}.items() <= said.items()
    assert said["exp"] - said["iat"] in (899, 900)
    assert AccessToken.objects.get().pk.hex == said["jti"]
    assert answer["Cache-Control"] == "no-store"
    verified = bearer(answer).get("/auth/verify").json()["data"]
    expected = {"valid": True, "user": "mary", "role": "manager", "client_id": "42", "expires_at": data["expires_at"]}
    assert verified == expected | {"scopes": ["read", "write", "publish"]}
    assert said["scope"] == "read write publish"
    detail = AuditEvent.objects.filter(action="issue", subject_type="accesstoken").get().detail
    assert detail == {"role": "manager", "scopes": ["read", "write", "publish"]}


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_a_key_buys_a_token(jane: Tenant, header: str) -> None:
    value = jane.key if header == "X-API-Key" else f"Bearer {jane.key}"
    answer = Caller(**{header: value}).post("/auth/token")
    assert bearer(answer).get("/auth/verify").json()["data"]["user"] == "jane"
    key = ApiKey.objects.get()
    revoke_api_key(actor=jane.actor, key=key)
    assert is_dead(bearer(answer)), "the token ends with the key that bought it"
    assert problem(Caller(**{header: value}).post("/auth/token")) == (401, "UNAUTHORIZED")


def test_a_key_lends_no_more_than_its_own_role(jane: Tenant) -> None:
    _, raw = issue_api_key(actor=jane.actor, user=jane.user, name="reads", role="user")
    caller = Caller(Authorization=f"Bearer {raw}")
    assert caller.post("/auth/token").json()["data"]["role"] == "user"
    assert problem(caller.post("/auth/token", {"role": "manager"})) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("role", "status"), [("user", 200), ("MANAGER", 200), ("admin", 403), ("root", 400), ("", 400)]
)
def test_never_above_ones_own_role(mary: User, role: str, status: int) -> None:
    answer = ask(username="mary", password=PASSWORD, role=role)
    assert answer.status_code == status
    if status == 400:
        assert wrong_fields(answer) == ["role"]
        assert answer.json()["error"]["message"] == "Request validation failed"
    elif status == 403:
        assert problem(answer) == (403, "FORBIDDEN")
    else:
        assert answer.json()["data"]["role"] == role.lower()


def test_a_token_has_the_scopes_of_its_key_now(jane: Tenant, skill: Skill) -> None:
    row, key = issue_api_key(actor=jane.actor, user=jane.user, name="reads", scopes=["read"])
    answer = Caller(**{"X-API-Key": key}).post("/auth/token")
    caller = bearer(answer)
    assert claims(answer)["scope"] == "read"
    assert caller.get("/auth/verify").json()["data"]["scopes"] == ["read"]
    assert caller.get("skills/web-scraper").status_code == 200
    refused = caller.put("skills/web-scraper", {})
    assert problem(refused) == (403, "FORBIDDEN")
    assert refused.json()["error"]["message"] == "This needs a credential with the scope write."
    ApiKey.objects.filter(pk=row.pk).update(scopes=["write"])
    assert caller.put("skills/web-scraper", {}).status_code == 200, "what the database says, not the claim"
    assert problem(caller.get("skills/web-scraper")) == (403, "FORBIDDEN")
    assert caller.post("/auth/revoke").status_code == 200, "giving it back needs no scope"


def test_a_lower_role_is_kept_to(mary: User, skill: Skill) -> None:
    caller = bearer(login("user"))
    assert caller.get("skills").status_code == 200
    assert problem(caller.put("skills/web-scraper", {})) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    "body",
    [
        {"username": "mary", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "gone", "password": PASSWORD},
        {"username": "MARY", "password": PASSWORD},
    ],
)
def test_wrong_passwords_and_unknown_people_look_the_same(jane: Tenant, mary: User, body: dict[str, str]) -> None:
    User.objects.filter(pk=make_user(jane, "gone", "user").pk).update(is_active=False)
    answer = ask(**body)
    assert problem(answer) == (401, "UNAUTHORIZED")
    assert answer.json()["error"]["message"] == "Wrong username or password"
    assert not AccessToken.objects.exists()


def test_unknown_and_inactive_people_cost_as_much_hashing_as_known_ones(
    jane: Tenant, mary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    runs: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: runs.append("x") or encode(self, *args))
    counts = []
    for username in ("mary", "nobody"):
        runs.clear()
        ask(username=username, password="wrong")
        counts.append(len(runs))
    User.objects.filter(username="mary").update(is_active=False)
    runs.clear()
    ask(username="mary", password=PASSWORD)
    assert [*counts, len(runs)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "mary"}, "password"), ({"password": "x"}, "username"),
        ({"username": 5, "password": "x"}, "username"),
        ({"username": "a\x00", "password": "x"}, "username"), ({"username": "m", "password": "x" * 1025}, "password"),
    ],
)  # fmt: skip
def test_half_credentials_are_400(db: None, body: Any, field: str) -> None:
    assert wrong_fields(ask(**body)) == [field]


def test_without_credentials_only_in_development(jane: Tenant, settings: Settings) -> None:
    assert problem(ask(role="manager")) == (401, "UNAUTHORIZED")
    assert problem(ask(role="root")) == (401, "UNAUTHORIZED")
    settings.DEVELOPMENT = True
    answer = ask(role="Manager")
    caller = bearer(answer)
    verified = caller.get("/auth/verify").json()["data"]
    assert (verified["user"], verified["client_id"], verified["role"]) == ("default", "42", "manager")
    assert wrong_fields(ask()) == ["role"]
    assert wrong_fields(ask(role="root")) == ["role"]
    assert problem(Caller(Authorization="Bearer kam_wrong").post("/auth/token", {"role": "user"})) == (
        401,
        "UNAUTHORIZED",
    )
    headers = {"Authorization": f"Bearer {answer.json()['data']['token']}"}
    assert Http().get("/agent/api/skills", headers=headers).status_code == 401, "no token of nobody at Kaman"
    settings.DEVELOPMENT = False
    assert is_dead(caller), "and not outside development"


@pytest.mark.usefixtures("development")
def test_without_demonstration_data_it_says_what_is_missing(db: None) -> None:
    answer = ask(role="user")
    assert problem(answer) == (503, "SERVICE_UNAVAILABLE")
    assert "seed_development" in answer.json()["error"]["message"]


def test_operators_without_a_tenant_get_none(db: None) -> None:
    User.objects.create_superuser("root", password=PASSWORD, role="admin")
    assert problem(ask(username="root", password=PASSWORD)) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    "change",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: (user.set_password("another one entirely"), user.save()),
        lambda user: User.objects.filter(pk=user.pk).update(client=Client.objects.create(id="7", name="Other")),
        lambda user: AccessToken.objects.update(expires_at=timezone.now()),
        lambda user: call_command("revoke_tokens", "mary"),
        lambda user: user.delete(),
    ],
)
def test_what_ends_a_token(mary: User, change: Any, capsys: Any) -> None:
    caller = bearer(login())
    assert not is_dead(caller)
    change(mary)
    assert is_dead(caller)


def test_the_role_is_the_present_one(mary: User, skill: Skill) -> None:
    caller = bearer(login())
    assert caller.put("skills/web-scraper", {}).status_code == 200
    User.objects.filter(pk=mary.pk).update(role="user")
    assert problem(caller.put("skills/web-scraper", {})) == (403, "FORBIDDEN")
    assert caller.get("/auth/verify").json()["data"]["role"] == "user"
    User.objects.filter(pk=mary.pk).update(role="admin")
    assert caller.get("/auth/verify").json()["data"]["role"] == "manager", "never above what the token was given for"


def test_revocation(mary: User, jane: Tenant) -> None:
    first, second = bearer(login("user")), bearer(login("user"))
    assert first.post("/auth/revoke").json()["data"] == {"revoked": True}
    assert is_dead(first)
    assert not is_dead(second), "one token, not all of them"
    assert problem(Caller(**jane.headers).post("/auth/revoke")) == (400, "VALIDATION_ERROR")


def forged(**changes: Any) -> str:
    row = AccessToken.objects.get()
    now = int(timezone.now().timestamp())
    said = {"sub": "mary", "jti": row.pk.hex, "iss": "guildhall", "iat": now, "exp": now + 60, "token_type": "access"}
    said |= changes
    return jwt.encode({name: value for name, value in said.items() if value is not None}, KEY, "HS256")


def test_forgeries(mary: User) -> None:
    login()
    row = AccessToken.objects.get()
    said = jwt.decode(forged(), KEY, algorithms=["HS256"], issuer="guildhall")
    assert not is_dead(Caller(Authorization=f"Bearer {forged()}")), "the control: this is how a good one looks"
    past = int((timezone.now() - timedelta(hours=1)).timestamp())
    bad = [
        forged(exp=past), forged(exp=None), forged(iss="other"), forged(iss=None), forged(jti=None), forged(jti="x"),
        forged(jti=5), forged(token_type="refresh"), forged(jti="0" * 32),
        jwt.encode(said, "another-key-that-is-long-enough-to-be-one-" * 2, "HS256"),
        jwt.encode(said, KEY, "HS384"),
        jwt.encode(said, "", "none"),
        forged()[:-2], forged() + "A", "a.b.c", "...", "[" * 5000,
    ]  # fmt: skip
    for text in bad:
        assert problem(Caller(Authorization=f"Bearer {text}").get("skills")) == (401, "UNAUTHORIZED")
    assert AccessToken.objects.get() == row


def test_expired_rows_are_forgotten(mary: User) -> None:
    login()
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    login()
    assert AccessToken.objects.count() == 1


def test_passwords_are_never_written_down(mary: User) -> None:
    login()
    ask(username="mary", password="wrong-secret")
    assert not any(word in str(list(AuditEvent.objects.values())) for word in (PASSWORD, "wrong-secret"))
    assert Actor.for_user(mary, "code").client_id == "42"
