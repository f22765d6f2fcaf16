"""T18: what a credential's text is worth to a thief, and what callers are told who come too often.

Redis counts, under names of this test's own. How tokens end is in tests/api/code/test_tokens.py.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.keys import generate
from accounts.models import ApiKey, User
from accounts.services import issue_api_key, revoke_api_key
from api.tokens import read_token
from core import limits
from tests.api.fleet.streams.conftest import refused, threads  # noqa: F401
from tests.config.asgi_client import Client as Asgi
from tests.conftest import Tenant

pytestmark = [pytest.mark.plan("T18"), pytest.mark.django_db, pytest.mark.slow]

PASSWORD = "correct horse battery"
READS = ("/api/v1/skills", "/api/code/v1/skills", "/agent/api/skills")
BROWSER = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(limits, "PREFIX", f"limits-{secrets.token_hex(6)}")
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)
    limits._counters.cache_clear()
    settings.RATE_LIMITS = {"logins": "10 per 5 minutes"}


@pytest.fixture
def mary(jane: Tenant) -> User:
    return User.objects.create_user("mary", password=PASSWORD, client=jane.client, role="manager", is_staff=True)


def login(password: str = PASSWORD, name: str = "mary", address: str = "10.1.1.1", **headers: str) -> Any:
    body = {"username": name, "password": password}
    client = Http(REMOTE_ADDR=address, headers=headers)
    return client.post("/auth/token", body, content_type="application/json")


def bought_with(tenant: Tenant) -> Any:
    return Http(headers=tenant.headers).post("/auth/token", content_type="application/json")


def read(path: str, headers: dict[str, str], **environ: str) -> Any:
    return Http(headers=headers, **environ).get(path)


def is_throttled(answer: Any, most: int = 300) -> bool:
    """429 in the shape of its contract, with the seconds to wait."""
    if answer.status_code != 429:
        return False
    assert 1 <= int(answer["Retry-After"]) <= most
    body, path = answer.json(), answer.request["PATH_INFO"]
    if path.startswith("/agent/"):
        assert set(body) == {"error"}
    elif path.startswith("/api/v1"):
        assert {"detail", "error", "request_id"} <= set(body)
    else:
        assert (body["success"], body["error"]["code"]) == (False, "RATE_LIMITED")
    return True


def eventually(call: Callable[[], Any], status: int) -> None:
    deadline = time.monotonic() + 30
    while call().status_code != status:
        assert time.monotonic() < deadline
        time.sleep(0.1)


class TestSigningIn:
    def test_the_eleventh_attempt_waits_even_with_the_right_password(self, mary: User) -> None:
        assert [login("wrong").status_code for _ in range(10)] == [401] * 10
        assert is_throttled(login())
        assert login(name="nobody").status_code == 401, "another name"
        assert login(address="10.1.1.2").status_code == 200, "another address"

    def test_it_passes(self, mary: User, settings: Settings) -> None:
        settings.RATE_LIMITS = {"logins": "2 per 1 second"}
        while not is_throttled(login(), most=2):
            pass
        eventually(login, 200)

    def test_one_address_tries_many_names(self, mary: User, settings: Settings) -> None:
        settings.RATE_LIMITS = {"logins": "10 per 5 minutes", "logins_of_address": "5 per 5 minutes"}
        assert [login(name=f"name-{number}").status_code for number in range(5)] == [401] * 5
        assert is_throttled(login())
        assert login(address="10.1.1.2").status_code == 200

    def test_many_addresses_try_one_name(self, mary: User, settings: Settings) -> None:
        settings.RATE_LIMITS = {"logins": "10 per 5 minutes", "logins_of_name": "5 per 5 minutes"}
        assert [login("wrong", address=f"10.1.2.{number}").status_code for number in range(5)] == [401] * 5
        assert is_throttled(login("wrong", name="MARY", address="10.1.2.9"))
        assert login(name="nobody", address="10.1.2.9").status_code == 401

    def test_the_header_that_anybody_can_write_is_not_an_address(self, mary: User) -> None:
        answers = [login("wrong", **{"X-Forwarded-For": f"10.9.9.{number}"}) for number in range(11)]
        assert is_throttled(answers[-1])

    def test_behind_our_proxies_the_address_is_what_the_outermost_saw(self, mary: User, settings: Settings) -> None:
        settings.TRUSTED_PROXIES = 2
        answers = [
            login("wrong", **{"X-Forwarded-For": f"10.9.9.{number}, 10.5.5.5, 10.0.0.7"}) for number in range(11)
        ]
        assert is_throttled(answers[-1])
        assert login(**{"X-Forwarded-For": "10.5.5.5, 10.6.6.6, 10.0.0.7"}).status_code == 200

    def test_an_ipv6_network_is_one_address(self, mary: User) -> None:
        answers = [login("wrong", address=f"2001:db8::{number:x}") for number in range(11)]
        assert is_throttled(answers[-1])
        assert login(address="2001:db8:0:1::1").status_code == 200

    @pytest.mark.parametrize("door", ["/admin/login/", "/catalogue/login/"])
    def test_the_pages_count_too_and_with_the_api(self, mary: User, door: str) -> None:
        browser = Http(REMOTE_ADDR="10.1.1.1", headers=BROWSER)
        wrong = [browser.post(door, {"username": "mary", "password": "wrong"}).status_code for _ in range(5)]
        assert wrong == [200] * 5
        assert [login("wrong").status_code for _ in range(5)] == [401] * 5
        answer = browser.post(door, {"username": "mary", "password": PASSWORD})
        assert (answer.status_code, answer["Content-Type"]) == (429, "text/html; charset=utf-8")
        assert 1 <= int(answer["Retry-After"]) <= 300
        assert "Too many requests" in answer.content.decode()

    def test_without_redis_nobody_signs_in_with_a_password_and_all_else_goes_on(
        self, mary: User, jane: Tenant, settings: Settings
    ) -> None:
        token = {"Authorization": f"Bearer {login().json()['data']['token']}"}
        settings.RATE_LIMITS |= {"reads": "1 per hour", "writes": "1 per hour", "calls": "1 per hour"}
        settings.RATE_LIMIT_STORAGE = "redis://127.0.0.1:1/0"
        answer = login()
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
        assert answer["Retry-After"]
        for door in ("/admin/login/", "/catalogue/login/"):
            page = Http(headers=BROWSER).post(door, {"username": "mary", "password": PASSWORD})
            assert (page.status_code, page["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert bought_with(jane).status_code == 200
        begun = time.monotonic()
        assert {read(path, jane.headers).status_code for path in READS * 5} == {200}
        assert time.monotonic() - begun < 10, "a Redis that is away is not asked for each call"
        assert read("/api/code/v1/skills", token).status_code == 200

    def test_no_limit_where_none_is_set(self, mary: User, settings: Settings) -> None:
        settings.RATE_LIMITS = {"logins": ""}
        assert {login("wrong").status_code for _ in range(12)} == {401}
        assert login().status_code == 200


class TestCalling:
    def test_each_key_has_its_share_and_its_person_a_whole(self, jane: Tenant, sam: Tenant, settings: Settings) -> None:
        settings.RATE_LIMITS = {"reads": "4 per hour", "calls": "7 per hour"}
        _, second = issue_api_key(actor=jane.actor, user=jane.user, name="second")
        assert [read(READS[number % 3], jane.headers).status_code for number in range(4)] == [200] * 4
        assert all(is_throttled(read(path, jane.headers), 3600) for path in READS), "over all contracts"
        others = {"Authorization": f"Bearer {second}"}
        answers = [read(READS[1], others) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert "7 per hour" in answers[-1].json()["error"]["message"]
        assert read(READS[0], sam.headers).status_code == 200, "no tenant exhausts another"

    def test_a_token_counts_for_the_key_that_bought_it(self, jane: Tenant, settings: Settings) -> None:
        settings.RATE_LIMITS = {"reads": "2 per hour"}
        token = bought_with(jane).json()["data"]["token"]
        assert read(READS[1], {"Authorization": f"Bearer {token}"}).status_code == 200
        assert read(READS[1], jane.headers).status_code == 200
        assert is_throttled(read(READS[1], {"Authorization": f"Bearer {token}"}), 3600)

    def test_writes_searches_jobs_and_messages_have_rates_of_their_own(self, jane: Tenant, settings: Settings) -> None:
        task = {"task_description": "Create a skill that tidies long log files"}
        client = Http(headers=jane.headers)
        calls = {
            "writes": ("/agent/api/skills", {"name": "A", "content": "x"}, 201),
            "searches": ("/agent/api/skills/search", {"query": "logs"}, 200),
            "jobs": ("/api/v1/skills", task, 200),
            "messages": ("/api/v1/chat/message", {"message": "help"}, 200),
        }
        for rate, (path, body, status) in calls.items():
            settings.RATE_LIMITS = {rate: "1 per hour"}
            answers = [client.post(path, body, content_type="application/json") for _ in range(2)]
            assert answers[0].status_code == status, answers[0].content
            assert is_throttled(answers[1], 3600), rate
            assert read(READS[0], jane.headers).status_code == 200

    @pytest.mark.usefixtures("threads")
    @pytest.mark.django_db(transaction=True)
    def test_streams_count_as_what_they_do(self, jane: Tenant, settings: Settings) -> None:
        settings.RATE_LIMITS = {"jobs": "1 per hour"}
        task = {"task_description": "Create a skill that tidies long log files"}
        assert Http(headers=jane.headers).post("/api/v1/skills", task, "application/json").status_code == 200
        headers = {"authorization": jane.headers["Authorization"], "content_type": "application/json"}
        reply = refused(Asgi("POST", "/api/v1/skills/stream", (b"{}",), **headers))
        assert reply.status == 429
        assert 1 <= int(reply.headers["retry-after"]) <= 3600
        assert set(reply.json) == {"detail", "error", "request_id"}

    def test_wrong_credentials_of_an_address(self, jane: Tenant, settings: Settings) -> None:
        settings.RATE_LIMITS = {"refusals": "5 per minute"}
        answers = [read(READS[number % 3], {"Authorization": "Bearer kam_wrong"}) for number in range(5)]
        assert {answer.status_code for answer in answers} == {401}
        assert all(is_throttled(read(path, {"Authorization": "Bearer kam_wrong"}), 60) for path in READS)
        assert read(READS[0], jane.headers).status_code == 200, "a good one beside them is let in"
        assert read(READS[0], {"Authorization": "Bearer kam_wrong"}, REMOTE_ADDR="10.3.3.3").status_code == 401

    def test_strangers_in_the_marketplace_count_by_address(self, db: None, settings: Settings) -> None:
        settings.PUBLIC_MARKETPLACE = True
        settings.RATE_LIMITS = {"searches": "1 per hour"}
        url = "/catalogue/marketplace/?q=logs"
        assert [read(url, BROWSER).status_code for _ in range(2)] == [200, 429]
        assert read(url, BROWSER, REMOTE_ADDR="10.3.3.3").status_code == 200
        assert read("/catalogue/marketplace/", BROWSER).status_code == 200


class TestKeys:
    def test_the_database_holds_no_text_that_lets_in(self, jane: Tenant, mary: User) -> None:
        token = login().json()["data"]["token"]
        assert read_token(token)
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            cursor.execute(" UNION ALL ".join(f'SELECT row_to_json(t)::text FROM "{table}" t' for table in tables))
            dump = "\n".join(row for (row,) in cursor.fetchall())
        assert "mary" in dump, "the control"
        assert not any(text in dump for text in (jane.key, jane.key[12:], token, PASSWORD))

    def test_a_revoked_key_is_refused_from_the_next_request_on(self, jane: Tenant) -> None:
        assert {read(path, jane.headers).status_code for path in READS} == {200}
        revoke_api_key(actor=jane.actor, key=ApiKey.objects.get())
        assert {read(path, jane.headers).status_code for path in READS} == {401}

    def test_a_mistyped_key_costs_no_query(self, jane: Tenant) -> None:
        last = "0" if jane.key[-1] != "0" else "1"
        for key, queries in ((jane.key[:-1] + last, 0), (jane.key[:-1], 0), (generate(), 1)):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert read(READS[2], {"Authorization": f"Bearer {key}"}).status_code == 401
            assert len(asked) == queries
