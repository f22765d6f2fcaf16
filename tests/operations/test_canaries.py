"""Canaries in real requests and tasks, the failing ones too: none of them sings in what web and worker print.

The control is what Python's own formatter writes of the same records: there they are, so they would be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from kombu import Connection

from config.celery import app
from jobs.models import Job
from tests.conftest import Tenant
from tests.inference.provider import Fail, provider
from tests.operations.processes import SECRET_KEY, SIGNING_KEY, Instance, instance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.xdist_group("processes")]

PASSWORD = "canary-password-1"
MODEL_KEY = "canary-key-of-a-model-0123456789"
# What people wrote. What is planted to fail has `explode` in it.
PROMPT = "canary-prompt about our merger"
CONTENT = "canary-content of a skill"
SEARCH = "canary-search"
WRITTEN = ("canary-prompt", "canary-content", SEARCH)
REFUSED_ROW = "canary-content in a row that the database refuses"


@pytest.fixture
def planted() -> Iterator[None]:
    """A constraint whose violation makes PostgreSQL repeat the row."""
    with connection.cursor() as cursor:
        wanted = f"content IS DISTINCT FROM '{REFUSED_ROW}'"
        cursor.execute(f"ALTER TABLE kaman_skills ADD CONSTRAINT planted CHECK ({wanted}) NOT VALID")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kaman_skills DROP CONSTRAINT planted")


def work(house: Instance, jane: Tenant) -> list[str]:
    """Calls all three contracts and the desk, well and badly, and has jobs fail. Returns the secrets that were used."""
    statuses: dict[str, int] = {}
    with house.web("tests.operations.leaky:application"), httpx.Client(base_url=house.url, timeout=60) as http:
        token = http.post("/auth/token", json={"username": "jane", "password": PASSWORD}).json()["data"]["token"]
        http.post("/auth/token", json={"username": "jane", "password": "canary-password-2"})
        session = sign_in(http)

        def call(name: str, method: str, path: str, headers: dict[str, str], body: Any = None) -> None:
            statuses[name] = http.request(method, path, headers=headers, json=body).status_code

        fleet, agent, code = jane.headers, {"Authorization": f"Bearer {jane.key}"}, {"X-API-Key": jane.key}
        by_token = {"Authorization": f"Bearer {token}"}
        call("fleet", "POST", "/api/v1/skills", fleet, {"task_description": f"Write about {PROMPT}"})
        call("fleet 500", "POST", "/api/v1/skills", fleet, {"task_description": f"explode: {PROMPT}"})
        call("agent", "POST", "/agent/api/skills", agent, {"name": "One", "content": CONTENT})
        call("agent 500", "POST", "/agent/api/skills", agent, {"name": "Two", "content": f"explode {CONTENT}"})
        call("agent row", "POST", "/agent/api/skills", agent, {"name": "Three", "content": REFUSED_ROW})
        call("search", "POST", "/agent/api/skills/search", agent, {"query": SEARCH})
        skill = {"id": "four", "name": "Four", "description": CONTENT, "version": "1.0.0"}
        call("code", "POST", "/api/code/v1/skills", code, skill)
        call("code 500", "POST", "/api/code/v1/skills", by_token, skill | {"id": "five", "name": f"explode {CONTENT}"})
        said = {"session_id": "me", "message": f"Find skills about {PROMPT}"}
        call("chat", "POST", "/api/v1/conversational/message", fleet, said)
        call("query", "GET", f"/api/v1/skills?query={SEARCH}&access_token={jane.key}", fleet)
        call("path", "GET", f"/api/v1/skills/{jane.key}", fleet)
        call("stream", "GET", f"/api/v1/skills/nothing/stream?token={token}", fleet)
        call("wrong", "GET", "/agent/api/skills", {"Authorization": "Bearer kam_canary-that-is-no-key"})
        call("desk", "GET", f"/catalogue/?q={SEARCH}", {"Cookie": f"sessionid={session}"})
    assert statuses == {
        "fleet": 200, "fleet 500": 500, "agent": 201, "agent 500": 500, "agent row": 500, "search": 200,
        "code": 201, "code 500": 500, "chat": 200, "query": 200, "path": 404, "stream": 404, "wrong": 401, "desk": 200,
    }  # fmt: skip
    run_tasks(house)
    return [jane.key, token, session, PASSWORD, "canary-password-2", "kam_canary", MODEL_KEY, SECRET_KEY, SIGNING_KEY]


def sign_in(http: httpx.Client) -> str:
    """As a browser does; the value of its session cookie. Cookies are for TLS alone, so they are carried by hand."""
    form = http.get("/catalogue/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text)
    assert token
    carried = {"Cookie": f"csrftoken={form.cookies['csrftoken']}"}
    data = {"csrfmiddlewaretoken": token[1], "username": "jane", "password": PASSWORD}
    answer = http.post("/catalogue/login/", data=data, headers=carried)
    assert answer.status_code == 302, answer.text
    session: str = answer.cookies["sessionid"]
    http.cookies.clear()
    return session


def run_tasks(house: Instance) -> None:
    """One job whose step fails loudly, one whose model's server repeats the key, and a task that fails by itself."""
    with provider() as model:
        model.answer = lambda asked: Fail(401, body=f'{{"error": {{"message": "{MODEL_KEY} {PROMPT}"}}}}')
        house.environment |= {
            "GUILDHALL_LLM_MODEL": "scripted-1",
            "GUILDHALL_LLM_BASE_URL": model.url,
            "GUILDHALL_LLM_API_KEY": MODEL_KEY,
        }
        refused = Job.objects.get()
        loud = Job.objects.create(
            client_id="42", owner="jane", plan=refused.plan, request={"task_description": f"explode: {PROMPT}"}
        )
        with house.worker("tests.operations.leaky"), Connection(house.broker_url) as broker:
            app.send_task("tests.explode", [PROMPT], queue="jobs", connection=broker)
            app.send_task("jobs.run", [str(loud.pk)], queue="jobs", connection=broker)

            def happened() -> bool:
                refused.refresh_from_db()
                loud.refresh_from_db()
                return refused.is_finished and loud.retries > 0

            house.wait_for("worker", happened)
    assert refused.error_code == "model_key_refused"


def test_no_canary_sings(jane: Tenant, planted: None, tmp_path: Path) -> None:
    jane.user.set_password(PASSWORD)
    jane.user.save()
    raw = tmp_path / "raw"
    house = instance(tmp_path, 12, RAW_LOG=str(raw), LOG_LEVEL="DEBUG")
    secrets = work(house, jane)
    for canary in (*secrets, *WRITTEN):
        assert canary not in house.said
    unseen = {canary for canary in (jane.key, *WRITTEN) if canary not in raw.read_text()}
    assert unseen == {SEARCH}, "the control; what is searched for is in no line at all"
    assert "/healthz" not in house.said, "probes are not logged"
    logged_what_helps(house, jane)


def logged_what_helps(house: Instance, jane: Tenant) -> None:
    """What is kept back must not be everything."""
    web, worker = house.lines("web"), house.lines("worker")
    about = {"client_id": "42", "user_id": str(jane.user.pk)}
    requests = [line for line in web if line["logger"] == "guildhall.access"]
    known = [line for line in requests if line["status"] != 401 and line["route"].endswith((":skills", ":home"))]
    assert {line["route"] for line in known} == {"fleet:skills", "agent:skills", "code:skills", "catalogue:home"}
    assert all(about.items() <= line.items() for line in known)
    assert "fleet:job-stream" in {line["route"] for line in requests}
    assert all(len(line["request_id"]) == 36 and line["milliseconds"] > 0 for line in requests)
    failures = [line for line in web if line["message"].startswith("unexpected")]
    kinds = sorted(line["message"].split()[1] for line in failures)
    assert kinds == ["IntegrityError", "RuntimeError", "RuntimeError", "RuntimeError"]
    for line in failures:
        assert about.items() <= line.items()
        assert "operations/leaky.py" in line["exception"] or 'check constraint "planted"' in line["exception"]
        assert line["request_id"] in {one["request_id"] for one in requests if one["status"] == 500}
    (step,) = [line for line in worker if "step requirements failed" in line["message"]]
    assert step["job_id"] in step["message"]
    assert step["exception"].rstrip().endswith("ValueError")
    (task,) = [line for line in worker if "tests.explode" in line["message"] and "exception" in line]
    assert "LookupError" in task["message"]
