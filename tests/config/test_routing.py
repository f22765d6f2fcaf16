"""A read replica answers searches and nothing else; without it the primary does."""

from __future__ import annotations

import httpx
import pytest
from django.db import connection

from config.routing import REPLICA, SearchRouter
from skills.models import Skill
from skills.services import create_skill
from tests.conftest import Tenant
from tests.live import daphne, database_url

pytestmark = pytest.mark.django_db(transaction=True)

# Nothing listens there.
NOWHERE = "postgresql://guildhall@127.0.0.1:1/guildhall"


def search(port: int, tenant: Tenant) -> httpx.Response:
    body = {"query": "safe SQL queries"}
    return httpx.post(f"http://127.0.0.1:{port}/agent/api/skills/search", json=body, headers=tenant.headers, timeout=60)


def asked_of_the_replica() -> list[str]:
    """The last statement of each of its connections, which carry a name of their own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE application_name = 'replica'")
        return [query for (query,) in cursor.fetchall()]


@pytest.fixture
def skill(jane: Tenant) -> Skill:
    return create_skill(actor=jane.actor, name="Safe SQL queries", description="Writes safe SQL", content="Bind them.")


def test_searches_ask_the_replica_and_reading_a_skill_does_not(jane: Tenant, skill: Skill) -> None:
    url = database_url()
    with daphne(DATABASE_REPLICA_URL=f"{url}{'&' if '?' in url else '?'}application_name=replica") as port:
        read = httpx.get(f"http://127.0.0.1:{port}/agent/api/skills/{skill.pk}", headers=jane.headers, timeout=60)
        assert read.status_code == 200
        assert asked_of_the_replica() == []
        answer = search(port, jane)
        assert [found["id"] for found in answer.json()] == [str(skill.pk)]
        assert asked_of_the_replica()


def test_the_primary_stands_in_for_a_replica_that_does_not_answer(jane: Tenant, skill: Skill) -> None:
    with daphne(DATABASE_REPLICA_URL=NOWHERE) as port:
        answer = search(port, jane)
    assert answer.status_code == 200
    assert [found["id"] for found in answer.json()] == [str(skill.pk)]


def test_without_a_replica_everything_is_the_primarys() -> None:
    assert SearchRouter().db_for_read(Skill, search=True) == "default"
    assert SearchRouter().db_for_write(Skill, search=True) == "default"
    assert not SearchRouter().allow_migrate(REPLICA, "skills")
