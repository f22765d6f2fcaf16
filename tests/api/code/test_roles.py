"""Who may call what: the matrix comes from the URL configuration, so that a new route without an entry fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver

from api.code.views import CodeView
from skills.models import Skill
from tests.api.code.conftest import Caller, caller_of, golden, make_user, problem
from tests.conftest import Tenant

ANYBODY, USER, MANAGER = "anybody", "user", "manager"
RANKS = [ANYBODY, USER, MANAGER, "admin"]
# The least role for each route and method of the contract.
MATRIX = {
    ("code:skills", "GET"): USER,
    ("code:skills", "POST"): MANAGER,
    ("code:skill", "GET"): USER,
    ("code:skill", "PUT"): MANAGER,
    ("code:skill", "DELETE"): MANAGER,
    ("code:versions", "GET"): USER,
    ("code:versions", "POST"): MANAGER,
    ("code:version", "GET"): USER,
    ("code:version", "DELETE"): MANAGER,
    ("code:diff", "GET"): USER,
    ("auth:token", "POST"): ANYBODY,
    ("auth:verify", "GET"): USER,
    ("auth:revoke", "POST"): USER,
}
PATHS = {
    "code:skills": "skills",
    "code:skill": "skills/web-scraper",
    "code:versions": "skills/web-scraper/versions",
    "code:version": "skills/web-scraper/versions/1.0.0",
    "code:diff": "skills/web-scraper/versions/1.0.0/diff/latest",
    "auth:token": "/auth/token",
    "auth:verify": "/auth/verify",
    "auth:revoke": "/auth/revoke",
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def configured() -> set[tuple[str, str]]:
    """(route, method) of every view of this contract, and of every route below its prefixes."""
    found = set()
    for resolver in get_resolver().url_patterns:
        prefix = str(resolver.pattern)
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            view = getattr(pattern.callback, "view_class", None)
            if prefix.startswith(("api/code/", "auth/")) or (view and issubclass(view, CodeView)):
                name = f"{resolver.namespace}:{pattern.name}"
                found |= {(name, method) for method in METHODS if hasattr(view, method.lower())}
    return found


def test_every_route_has_an_entry() -> None:
    assert configured() == set(MATRIX)
    assert set(PATHS) == {name for name, _ in MATRIX}


@pytest.fixture
def callers(jane: Tenant) -> dict[str, Caller]:
    people = {role: caller_of(make_user(jane, f"{role}-person", role)) for role in RANKS[1:]}
    return {ANYBODY: Caller(), **people}


@pytest.mark.parametrize(("name", "method"), sorted(MATRIX))
@pytest.mark.parametrize("role", RANKS)
def test_the_matrix(callers: dict[str, Caller], skill: Skill, name: str, method: str, role: str) -> None:
    """Refused by role means 401 or 403; allowed means anything else, whatever is wrong with the empty body."""
    least = MATRIX[name, method]
    answer = callers[role].call(method, PATHS[name], {})
    if RANKS.index(role) >= RANKS.index(least):
        expected_401 = (name, role) == ("auth:token", ANYBODY)  # who shows nothing gets no token
        assert (answer.status_code == 401) is expected_401
        assert answer.status_code != 403
    else:
        assert problem(answer) == ((401, "UNAUTHORIZED") if role == ANYBODY else (403, "FORBIDDEN"))


def test_a_refused_role_learns_nothing(reader: Caller) -> None:
    for method, path in (("put", "skills/none"), ("delete", "skills/none"), ("delete", "skills/none/versions/1.0.0")):
        assert problem(reader.call(method, path, b"{")) == (403, "FORBIDDEN")
    message = reader.post("skills", golden("create_request")).json()["error"]["message"]
    assert message == "Insufficient permissions for this operation"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
        {"Authorization": "Bearer " + "A" * 9000 + ".e30.x"},
        {"Authorization": "Basic amFuZTp4"},
        {"Authorization": "Bearer kam_wrong"},
        {"X-API-Key": "kam_wrong"},
        {"X-API-Key": "nonsense"},
    ],
)
def test_who_shows_nothing_good_is_401(skill: Skill, headers: dict[str, str]) -> None:
    answer = Caller(**headers).get("skills")
    assert problem(answer) == (401, "UNAUTHORIZED")
    assert answer.json()["error"]["message"] == "Missing or invalid authentication token"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_keys_work_as_both_headers(jane: Tenant, skill: Skill) -> None:
    for headers in ({"Authorization": f"bearer {jane.key}"}, {"X-API-Key": jane.key}):
        assert Caller(**headers).get("skills/web-scraper").status_code == 200
    mixed: Any = Caller(**{"X-API-Key": jane.key, "Authorization": "Bearer other"})
    assert mixed.get("skills").status_code == 401, "Authorization comes first"
