"""What pages may run: nothing inline anywhere; expressions only at the desk."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("path", "scripts"),
    [("/admin/login/", "script-src 'self' 'unsafe-eval'"), ("/", "script-src 'self'")],
)
def test_no_page_runs_what_is_written_into_it(path: str, scripts: str) -> None:
    policy = Client().get(path)["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert scripts in [part.strip() for part in policy.split(";")]
    assert "default-src 'none'" in policy


def test_answers_of_the_apis_carry_no_policy_of_pages() -> None:
    assert "Content-Security-Policy" not in Client().get("/health")
