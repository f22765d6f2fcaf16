"""The audit log: narrowed by who, what and when; exported as the list shows it; of other tenants nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from tests.admin.conftest import World

LIST = "/admin/accounts/auditevent/"


def line(subject: str, client_id: str = "42", **fields: Any) -> AuditEvent:
    values = {"actor": "somebody", "surface": "admin", "action": "look", "subject_type": "skill", "subject_id": "1"}
    return AuditEvent.objects.create(client_id=client_id, subject=subject, **{**values, **fields})


def exported(browser: Browser, query: str = "") -> list[dict[str, str]]:
    response: Any = browser.get(f"{reverse('admin:accounts_auditevent_export')}{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "query",
    [
        "?surface=admin", "?action=look", "?q=somebody", "?subject_type=skill", "?by=somebody", "?by=+somebody+",
        "?from=2026-03-02", "?from=2026-03-02&to=2026-03-02", "?by=somebody&action=look&from=&to=",
    ],
)  # fmt: skip
def test_the_log_is_narrowed_and_exported_as_shown(world: World, manager: Browser, query: str) -> None:
    line("wanted-line", at=datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    line(
        "other-line", actor="nobody", surface="fleet", action="touch", subject_type="job",
        at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC),
    )  # fmt: skip
    body = manager.get(LIST + query).content.decode()
    assert "wanted-line" in body
    assert "other-line" not in body
    assert [row["subject"] for row in exported(manager, query)] == ["wanted-line"]


def test_what_is_no_day_narrows_nothing(world: World, manager: Browser) -> None:
    line("a-line")
    for query in ("?from=2026-02-31", "?to=yesterday"):
        assert "a-line" in manager.get(LIST + query).content.decode()


def test_words_offered_are_those_of_ones_own_tenant(world: World, manager: Browser, operator: Browser) -> None:
    line("a-line", action="look_closely")
    line("foreign-line", "99", action="do_foreign_things")
    own = manager.get(LIST).content.decode()
    assert "look closely" in own
    assert "do foreign things" not in own
    assert "do foreign things" in operator.get(LIST).content.decode()


def test_the_export_keeps_to_the_tenant_and_the_role(
    world: World, manager: Browser, operator: Browser, reader: Browser
) -> None:
    line("own-line")
    line("foreign-line", "99")
    assert [row["subject"] for row in exported(manager)] == ["own-line"]
    assert [row["subject"] for row in exported(manager, "?by=somebody")] == ["own-line"]
    assert [row["subject"] for row in exported(operator)] == ["foreign-line", "own-line"]
    assert [row["subject"] for row in exported(operator, "?tenant=99")] == ["foreign-line"]
    assert manager.get(reverse("admin:accounts_auditevent_export") + "?tenant=99").status_code == 302
    assert reader.get(reverse("admin:accounts_auditevent_export")).status_code == 403
    assert Browser().get(reverse("admin:accounts_auditevent_export")).status_code == 302


def test_no_cell_is_run_as_a_formula(world: World, manager: Browser) -> None:
    line("=cmd|' /C calc'!A0", actor="@SUM(1)", detail={"reason": "=1+1"})
    (row,) = exported(manager)
    assert (row["subject"], row["actor"]) == ("'=cmd|' /C calc'!A0", "'@SUM(1)")
    assert row["detail"] == '{"reason": "=1+1"}'


def test_the_export_reads_through_a_cursor(world: World, manager: Browser) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(client_id="42", actor="jane", surface="admin", action="look", subject=f"line {number}")
        for number in range(450)
    )
    with CaptureQueriesContext(connection) as captured:
        rows = exported(manager)
    assert [row["subject"] for row in rows] == [f"line {number}" for number in reversed(range(450))]
    assert len(captured) <= 8


def test_nothing_in_the_log_can_be_changed(world: World, operator: Browser) -> None:
    one = line("a-line")
    page = reverse("admin:accounts_auditevent_change", args=[one.pk])
    assert "Save" not in operator.get(page).content.decode()
    for url in (
        page,
        reverse("admin:accounts_auditevent_delete", args=[one.pk]),
        reverse("admin:accounts_auditevent_add"),
    ):
        assert operator.post(url, {"actor": "x", "post": "yes"}).status_code == 403
