"""Any exception, anywhere, is a problem in the dialect of its path."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from pytest_django import Settings
from rest_framework import exceptions as drf

from accounts.models import Client as TenantRow
from api.agent.views.skills import SkillDetail as KamanSkill
from api.fleet.views.skills import SkillDetail as FleetSkill
from api.handlers import refuse
from api.problems import problem_of
from core import errors
from tests.conftest import Tenant


def database_error(sql: str) -> Exception:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except Exception as error:
        return error
    raise AssertionError("no error")


@pytest.mark.parametrize(
    ("error", "status", "code", "message"),
    [
        (errors.Invalid("Bad", code="bad_name"), 400, "bad_name", "Bad"),
        (errors.Forbidden("No"), 403, "forbidden", "No"),
        (errors.NotFound("None"), 404, "not_found", "None"),
        (errors.Conflict("Taken"), 409, "conflict", "Taken"),
        (errors.Unavailable("Later"), 503, "unavailable", "Later"),
        (errors.Failed("Broken", code="model_key_refused"), 502, "model_key_refused", "Broken"),
        (errors.LimitReached("Used up", retry_after=60), 429, "limit_reached", "Used up"),
        (drf.NotAuthenticated(), 401, "not_authenticated", "Authentication credentials were not provided."),
        (drf.MethodNotAllowed("PUT"), 405, "method_not_allowed", 'Method "PUT" not allowed.'),
        (drf.UnsupportedMediaType("a/b"), 415, "unsupported_media_type", 'Unsupported media type "a/b" in request.'),
        (drf.Throttled(), 429, "throttled", "Request was throttled."),
        (Http404("secret"), 404, "not_found", "Not Found"),
        (PermissionDenied("secret"), 403, "forbidden", "Forbidden"),
        (RequestDataTooBig("secret"), 413, "request_entity_too_large", "Request Entity Too Large"),
        (SuspiciousOperation("secret"), 400, "bad_request", "Bad Request"),
        (RuntimeError("secret"), 500, "internal_server_error", "Internal Server Error"),
        (RecursionError("secret"), 500, "internal_server_error", "Internal Server Error"),
    ],
)
def test_kinds_of_exceptions(error: Exception, status: int, code: str, message: str) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.code, problem.message) == (status, code, message)


def test_what_nobody_expected_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    problem_of(RuntimeError("the reason"))
    assert "the reason" in caplog.text


def test_times_and_challenges_become_headers() -> None:
    throttled, unknown = drf.Throttled(wait=2.5), drf.AuthenticationFailed()
    unknown.auth_header = "Bearer"  # type: ignore[attr-defined]
    assert problem_of(throttled).headers == {"Retry-After": "3"}
    assert problem_of(unknown).headers == {"WWW-Authenticate": "Bearer"}
    assert problem_of(errors.Unavailable("Later")).headers == {"Retry-After": "5"}
    assert problem_of(errors.Unavailable("Later", retry_after=7)).headers == {"Retry-After": "7"}
    assert problem_of(errors.LimitReached("Used up", retry_after=59.5)).headers == {"Retry-After": "60"}


def test_nested_input_errors_name_their_fields() -> None:
    detail = {"name": ["must be a string"], "files": [{}, {"path": ["This is bad."]}], "words": {"3": ["is required"]}}
    problem = problem_of(drf.ValidationError(detail))
    assert problem.fields == {
        "name": ["name must be a string"],
        "files.1.path": ["files.1.path: This is bad."],
        "words.3": ["words.3 is required"],
    }
    assert problem.message == "name must be a string"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "status"),
    [
        ("INSERT INTO client (id, name, is_system) VALUES ('42', 'again', false)", 409),
        ("INSERT INTO client (id, name, is_system) VALUES (repeat('x', 51), 'long', false)", 400),
        ("SELECT 'x'::uuid", 400),
        ("SELECT 9999999999999::int", 400),
        ("INSERT INTO client (id) VALUES ('43')", 500),
        ("SELECT * FROM no_such_table", 500),
        ("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(5)", 503),
    ],
)
def test_database_errors(sql: str, status: int) -> None:
    TenantRow.objects.create(id="42", name="Tenant")
    assert problem_of(database_error(sql)).status == status


def broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("secret of the house")


def test_unexpected_errors_tell_nothing(client: Client, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FleetSkill, "get", broken)
    monkeypatch.setattr(KamanSkill, "get", broken)
    fleet = client.get("/api/v1/skills/x", headers=jane.headers)
    assert (fleet.status_code, fleet.json()["detail"]) == (500, "Internal server error")
    assert fleet.json()["error"] == "Internal server error"
    kaman = client.get("/agent/api/skills/x", headers=jane.headers)
    assert (kaman.status_code, kaman.json()) == (500, {"error": "Internal server error"})
    assert b"secret" not in fleet.content + kaman.content


def test_errors_outside_of_views_speak_the_dialect_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", broken)
    client = Client(raise_request_exception=False)
    assert client.get("/agent/api/skills").json() == {"error": "Internal server error"}
    assert client.get("/api/v1/skills/x").json()["detail"] == "Internal server error"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2", "/api/", "/nothing", "/health/x"])
def test_unknown_urls_are_json(client: Client, path: str) -> None:
    answer = client.get(path, headers={"Accept": "*/*"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json() == {"detail": "Not Found", "error": "Not Found", "request_id": answer["X-Request-ID"]}


def test_browsers_get_pages_where_no_api_is(client: Client) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert client.get("/nothing", headers=browser)["Content-Type"].startswith("text/html")
    assert client.get("/api/v1/nothing", headers=browser)["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "keys"), [("/agent/api/skills", {"error"}), ("/api/v1/x", {"detail", "error", "request_id"})]
)
def test_unknown_hosts_are_400_in_json(client: Client, path: str, keys: set[str]) -> None:
    answer = client.get(path, headers={"Host": "evil.example"})
    assert (answer.status_code, answer["Content-Type"], set(answer.json())) == (400, "application/json", keys)


@pytest.mark.parametrize("path", ["/api/v1/skills", "/agent/api/skills/search"])
def test_bodies_too_large_are_413(client: Client, jane: Tenant, settings: Settings, path: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = json.dumps({"task_description": "x" * 1000})
    answer = client.post(path, body, content_type="application/json", headers=jane.headers)
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/json")
    assert answer.json()["error"] == "Request Entity Too Large"


@pytest.mark.parametrize("path", ["/api/v1/skills", "/agent/api/skills/search", "/nothing"])
def test_the_bridge_refuses_in_the_dialect(path: str) -> None:
    headers, body = refuse(path, 413)
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["error"] == "Request Entity Too Large"
    assert uuid.UUID(headers["X-Request-ID"])


@pytest.mark.parametrize("given", ["", "a" * 129, "short", "with space", "semi;colon", "ümlaut-ümlaut"])
def test_every_answer_has_an_id_and_a_time(client: Client, given: str) -> None:
    answer = client.get("/health", headers={"X-Request-ID": given} if given else {})
    assert uuid.UUID(answer["X-Request-ID"])
    assert re.fullmatch(r"\d+\.\d\dms", answer["X-Process-Time"])


def test_a_sane_id_of_the_client_is_kept(client: Client) -> None:
    answer = client.get("/api/v1/nothing", headers={"X-Request-ID": "trace-0123.abc_9"})
    assert answer["X-Request-ID"] == answer.json()["request_id"] == "trace-0123.abc_9"


def test_health_is_the_documents_example_and_needs_nothing(client: Client) -> None:
    for path in ("/health", "/health/"):
        answer = client.get(path, headers={"Authorization": "Bearer kam_wrong", "Accept": "text/html"})
        assert answer.status_code == 200
        assert answer.json() | {"status": "ok"} == answer.json()
        assert re.fullmatch(r"\d+\.\d+\.\d+", answer.json()["version"])
