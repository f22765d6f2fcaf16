"""Every operation: with and without a slash, never a redirect, with an id; and text that breaks things."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import resolve

from tests.api.fleet.conftest import JOB_ID, Caller, golden, has_shape

# The document's operations and their neighbours. Streams have no view: config/asgi.py routes them (test_stream.py).
OPERATIONS = [
    ("get", "skills"),
    ("post", "skills"),
    ("get", "skills/x"),
    ("put", "skills/x"),
    ("post", "skills/x/validate"),
    ("post", "skills/validate"),
    ("post", "skills/x/refine"),
    ("get", "jobs"),
    ("get", f"jobs/{JOB_ID}"),
    ("post", f"jobs/{JOB_ID}/cancel"),
    ("get", f"hitl/{JOB_ID}/prompt"),
    ("post", f"hitl/{JOB_ID}/response"),
    ("get", "hitl/config"),
    ("get", "taxonomy"),
    ("post", "taxonomy"),
    ("get", "taxonomy/user/user_123"),
    ("post", "taxonomy/user/user_123/adapt"),
    ("get", "taxonomy/xml"),
    ("get", "analytics"),
    ("get", "analytics/recommendations"),
    ("post", "analytics/events"),
    ("post", "quality/validate"),
    ("post", "quality/assess"),
    ("post", "quality/fix"),
    ("post", "optimization/analyze"),
    ("post", "optimization/improve"),
    ("post", "optimization/compare"),
    ("post", f"drafts/{JOB_ID}/promote"),
    *[
        (method, f"{prefix}/{path}")
        for prefix in ("conversational", "chat")
        for method, path in [
            ("post", "message"),
            ("post", "session/sess_123"),
            ("get", "session/sess_123/history"),
            ("get", "sessions"),
        ]
    ],
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_operations_answer_with_and_without_a_slash(caller: Caller, method: str, path: str) -> None:
    plain, slashed = (getattr(caller, method)(one) for one in (path, f"{path}/"))
    assert plain.status_code == slashed.status_code
    assert plain.status_code not in (301, 302, 307, 308, 405, 500)
    assert resolve(f"/api/v1/{path}").func == resolve(f"/api/v1/{path}/").func
    for answer in (plain, slashed):
        assert answer["X-Request-ID"]
        if answer.status_code >= 400:
            assert has_shape(answer.json(), golden("error"))
            assert answer.json()["request_id"] == answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "skills?search=%00", None),
        ("get", "skills?category=%00", None),
        ("get", "skills?status=%00", None),
        ("get", "jobs?type=%00", None),
        ("get", "skills/%00", None),
        ("post", "skills/%00/refine", {"feedback": "x"}),
        ("get", "taxonomy/user/%00", None),
        ("post", "taxonomy/user/%00/adapt", {}),
        ("get", "taxonomy/xml?user_id=%00", None),
        ("get", "analytics?user_id=%00", None),
        ("get", "analytics/recommendations?user_id=%00", None),
        ("post", "analytics/events", {"skill_id": "\x00"}),
        ("post", "taxonomy", {"id": "a\x00"}),
        ("post", "taxonomy", {"updates": {"a\x00": {}}}),
        ("post", "quality/assess", {"content": "\x00"}),
        ("post", "optimization/analyze", {"skill_id": "x", "queries": ["\x00"]}),
        ("post", "conversational/message", {"message": "\x00"}),
        ("post", "conversational/session/%00", None),
        ("get", "conversational/session/%00/history", None),
    ],
)
def test_text_that_cannot_be_kept_is_the_callers_mistake(caller: Caller, method: str, path: str, body: Any) -> None:
    answer = caller.get(path) if method == "get" else caller.post(path, body)
    assert 400 <= answer.status_code < 500
    assert has_shape(answer.json(), golden("error"))


@pytest.mark.parametrize("path", ["taxonomy", "analytics/events", "quality/fix", "conversational/message"])
def test_bodies_that_are_no_json(caller: Caller, path: str) -> None:
    assert caller.post(path, b"{broken").status_code == 400
