"""T11: calls made from the OpenAPI documents, right and wrong, by every role: no 5xx, nothing undocumented.

schemathesis makes the calls; its checks and the guard of all tests (tests/conftest.documented_answers) judge what is
answered. Every call is undone, so that the next meets the same world.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import requests
import schemathesis
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Http
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

from api.schema.operations import EVENTS
from tests.chaos.plan import Measured, trials
from tests.isolation.world import Place, make_callers, make_place, trade
from tests.openapi.test_documents import DOCUMENTS

pytestmark = [pytest.mark.plan("T11"), pytest.mark.django_db]

# For each operation and role, of right data and of wrong: in full more than a hundred for each operation.
EXAMPLES = trials(2, full=17)
ROLES = ("user", "manager", "admin")
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# What stands in paths, as things that are there: of tenant 42, of tenant 99, shared.
REFS = {
    "fleet": {"skill_id": ("skill", "skill_id", "alias"), "job_id": ("job", "waiting"), "session_id": ("session",)},
    "code": {"skill_id": ("skill",)},
    "agent": {"skill_id": ("skill_id", "copy", "offer")},
}


@dataclass
class Seen:
    """What was answered, by status, and what must not be."""

    calls: int = 0
    statuses: dict[int, int] = field(default_factory=dict)

    def count(self, status: int) -> None:
        self.calls += 1
        self.statuses[status] = self.statuses.get(status, 0) + 1


def operations(contract: str) -> Iterator[schemathesis.APIOperation]:
    """All but streams, which tests/api/fleet/streams and tests/isolation ask over ASGI."""
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    for result in schemathesis.openapi.from_dict(DOCUMENTS[contract], config=config).get_all_operations():
        operation = result.ok()
        if EVENTS not in operation.definition.raw["responses"].get("200", {}).get("content", {}):
            yield operation


@pytest.fixture
def world() -> tuple[Place, Place, Place]:
    own, foreign, shared = make_place("42"), make_place("99"), make_place("system")
    trade(own, foreign, shared)
    return own, foreign, shared


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("contract", ["fleet", "code", "agent"])
def test_generated_calls(contract: str, role: str, world: tuple[Place, Place, Place], measured: Measured) -> None:
    own, foreign, _ = world
    client = Http(headers=make_callers(own, foreign).roles[role], raise_request_exception=False)
    names = {
        variable: [place.refs[kind] for kind in kinds for place in world if kind in place.refs]
        for variable, kinds in REFS[contract].items()
    }
    right, wrong = Seen(), Seen()
    for operation in operations(contract):
        _call(operation, GenerationMode.POSITIVE, client, names, right)
        with suppress(Unsatisfiable):  # no data would be wrong
            _call(operation, GenerationMode.NEGATIVE, client, names, wrong)
    measured(f"{contract} as {role}: {right.calls + wrong.calls} calls", "0 x 5xx, all documented")
    assert max([*right.statuses, *wrong.statuses]) < 500
    assert min(right.statuses) < 300, "some right data is taken"
    assert sum(wrong.statuses.get(status, 0) for status in (400, 422)) > 0, "some wrong data is refused as wrong"


def _call(
    operation: schemathesis.APIOperation,
    mode: GenerationMode,
    client: Http,
    names: dict[str, list[str]],
    seen: Seen,
) -> None:
    variables = [parameter.name for parameter in operation.path_parameters if parameter.name in names]
    real = st.fixed_dictionaries({name: st.sampled_from(names[name]) for name in variables})

    @settings(
        max_examples=EXAMPLES,
        deadline=timedelta(seconds=20),
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), of=st.one_of(real, real, st.just({})))
    def run(case: schemathesis.Case, of: dict[str, str]) -> None:
        case.path_parameters = {**(case.path_parameters or {}), **of}
        request = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
        with transaction.atomic():
            answer = _answer(client, request)
            transaction.set_rollback(True)
        seen.count(answer.status_code)
        case.validate_response(_told(request, answer), checks=CHECKS)

    run()


def _answer(client: Http, request: requests.PreparedRequest) -> HttpResponse:
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    assert isinstance(body, bytes)
    headers = {name: value for name, value in request.headers.items() if name not in ("Content-Type", "Content-Length")}
    media = request.headers.get("Content-Type", "application/json")
    answer: HttpResponse = client.generic(request.method or "", request.path_url, body, media, headers=headers)
    return answer


def _told(request: requests.PreparedRequest, answer: HttpResponse) -> schemathesis.Response:
    """The answer as schemathesis reads answers."""
    headers = {name.lower(): [value] for name, value in answer.headers.items()}
    return schemathesis.Response(answer.status_code, headers, answer.content, request, elapsed=0.0, verify=False)
