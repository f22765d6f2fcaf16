"""Recommendations on the 200 events, against values worked out by hand from the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analytics.recommendations import recommend
from analytics.services import record_usage
from skills.services import resolve_skill, update_skill
from taxonomy.services import adapt_taxonomy
from tests.analytics.conftest import event, make_skill
from tests.conftest import Tenant


def advice(user: str, client_id: str = "42") -> list[tuple[str, str, str]]:
    return [(one.skill_id, one.reason, one.priority) for one in recommend(client_id=client_id, user_ref=user)]


REQUIRED = "Required by frequently used skill: "
UVICORN = ("technical/uvicorn", REQUIRED + "technical/fastapi", "high")
COBOL = ("cobol-migration", REQUIRED + "technical/pytest", "high")
POLARS = ("data/polars", REQUIRED + "data/pandas", "high")


def test_what_the_most_used_skills_depend_on(usage: None) -> None:
    """uvicorn once, though two need it; neither httpx (used already) nor what is retired or not there."""
    assert advice("ann") == [UVICORN, COBOL, POLARS]
    # bob's order of use: pandas 15, notes 15, httpx 10, fastapi 10, pytest 8
    assert advice("bob") == [POLARS, UVICORN, COBOL]
    assert advice("dee") == [UVICORN]


def test_what_is_often_used_with_the_most_used(usage: None) -> None:
    """rare (3 uses) is outside cai's ten most used, and in three tasks beside tool-01."""
    assert advice("cai") == [("rare", "Often used with tool-01", "medium")]


def test_the_stronger_reason_wins(usage: None, jane: Tenant) -> None:
    update_skill(actor=jane.actor, skill=resolve_skill("42", "tool-05"), dependencies=["rare"], embed=False)
    assert advice("cai") == [("rare", REQUIRED + "tool-05", "high")]


def test_unknown_users_and_strangers_get_nothing_of_the_tenant(usage: None) -> None:
    assert advice("nobody") == []
    assert advice("ann", "99") == []
    assert advice("cai", "99") == []


def test_hidden_skills_are_left_out_and_priorities_come_first(usage: None, jane: Tenant) -> None:
    adapt_taxonomy(actor=jane.actor, user_ref="ann", priorities=["data"], hidden=["cobol"])
    assert advice("ann") == [POLARS, UVICORN]
    adapt_taxonomy(actor=jane.actor, user_ref="ann", priorities=["migration"], hidden=["technical"])
    assert advice("ann") == [COBOL, POLARS]


def test_priorities_bring_what_others_use(usage: None, jane: Tenant) -> None:
    """Only what the user never used: dee knows fastapi and httpx, others use pytest (20); nobody uses uvicorn."""
    adapt_taxonomy(actor=jane.actor, user_ref="dee", priorities=["technical", "tool"])
    low = "Fits your priorities; times used by others: "
    found = advice("dee")
    assert found[:3] == [
        UVICORN,
        ("technical/pytest", low + "20", "low"),
        ("tool-01", low + "7", "low"),
    ]
    assert len(found) == 10  # of eleven tools the two least and latest used find no room
    assert [skill for skill, _, _ in found[3:]] == [f"tool-{number:02}" for number in range(11, 4, -1)]


def test_too_hard_skills_are_left_out(usage: None, jane: Tenant) -> None:
    update_skill(actor=jane.actor, skill=resolve_skill("42", "uvicorn"), metadata={"level": "expert"}, embed=False)
    assert advice("dee") == [UVICORN]
    adapt_taxonomy(actor=jane.actor, user_ref="dee", experience_level="intermediate")
    assert advice("dee") == []
    adapt_taxonomy(actor=jane.actor, user_ref="dee", experience_level="advanced")
    assert advice("dee") == [UVICORN]


def test_at_most_ten_in_a_bounded_number_of_queries(
    usage: None, jane: Tenant, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    needs = [make_skill(jane.actor, f"need-{number:02}").slug for number in range(12)]
    make_skill(jane.actor, "hungry", dependencies=[*needs, 7, None, ""])
    record_usage(actor=jane.actor, events=[event("hungry", "eve")])
    adapt_taxonomy(actor=jane.actor, user_ref="eve", priorities=["need-11"])
    with django_assert_max_num_queries(10):
        found = advice("eve")
    assert [skill for skill, _, _ in found] == ["need-11", *needs[:9]]
    with django_assert_max_num_queries(10):
        advice("ann")


@pytest.mark.parametrize("user", ["ann", "bob", "cai", "dee"])
def test_no_skill_is_advised_twice(usage: None, jane: Tenant, user: str) -> None:
    adapt_taxonomy(actor=jane.actor, user_ref=user, priorities=["data", "technical", "rare", "cobol"])
    skills = [skill for skill, _, _ in advice(user)]
    assert skills
    assert len(skills) == len(set(skills))
