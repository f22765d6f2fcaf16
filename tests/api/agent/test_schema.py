"""The document's database section, read as it is printed, against PostgreSQL's catalogue."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from tests.api.agent.conftest import GOLDEN

SECTION = (GOLDEN / "schema.txt").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in SECTION.splitlines() if line.startswith("|")]
COLUMNS = [row for row in ROWS if len(row) == 5 and row[0] != "Column" and not row[0].startswith("-")]
INDEXES = [row for row in ROWS if len(row) == 3 and row[0].startswith("idx_")]
# What the document's words are in the catalogue. Times are with a zone: an instant, whatever a session's time zone is.
TYPES = {"varchar": "character varying", "timestamp": "timestamp with time zone"}
DEFAULTS = {"--": "", "now()": "statement_timestamp()", "[]": "'[]'::jsonb"}
PARTIAL = {
    "idx_kaman_skills_status": "status::text = 'active'::text",
    "idx_kaman_skills_marketplace_plugin": "marketplace_plugin_id IS NOT NULL",
    "idx_kaman_skills_published": "is_published",
}
INDEXED = {
    "idx_kaman_skills_client": "client_id",
    "idx_kaman_skills_embedding": "trigger_embedding",
    "idx_kaman_skills_status": "status",
    "idx_kaman_skills_domains": "domains",
    "idx_kaman_skills_keywords": "trigger_keywords",
    "idx_kaman_skills_marketplace_plugin": "marketplace_plugin_id",
    "idx_kaman_skills_published": "is_published",
}

pytestmark = pytest.mark.django_db


def ask(sql: str, *values: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[str, ...]] = cursor.fetchall()
    return found


def test_the_section_is_read_whole() -> None:
    assert (len(COLUMNS), len(INDEXES)) == (28, 7)
    assert INDEXED.keys() == {row[0] for row in INDEXES}


@pytest.mark.parametrize(("name", "kind", "nullable", "default"), [row[:4] for row in COLUMNS])
def test_columns(name: str, kind: str, nullable: str, default: str) -> None:
    [(found, not_null, found_default)] = ask(
        "SELECT format_type(atttypid, atttypmod), attnotnull, coalesce(pg_get_expr(adbin, adrelid), '')"
        " FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
        " WHERE attrelid = 'kaman_skills'::regclass AND attname = %s",
        name,
    )
    base, brackets, rest = re.fullmatch(r"(\w+)(\[\]|\(\d+\))?(.*)", kind).groups("")  # type: ignore[union-attr]
    assert (found, rest) == (TYPES.get(base, base) + brackets, "")
    assert not_null == (nullable == "No")
    expected = DEFAULTS.get(default, f"'{default}'::character varying" if base == "varchar" else default)
    assert found_default == expected


@pytest.mark.parametrize(("name", "kind"), [row[:2] for row in INDEXES])
def test_indexes(name: str, kind: str) -> None:
    [(method, column, operators, where, is_valid)] = ask(
        "SELECT amname, pg_get_indexdef(indexrelid, 1, true), opcname,"
        " coalesce(pg_get_expr(indpred, indrelid, true), ''), indisvalid"
        " FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_am ON pg_am.oid = index.relam"
        " JOIN pg_opclass ON pg_opclass.oid = indclass[0]"
        " WHERE indrelid = 'kaman_skills'::regclass AND index.relname = %s",
        name,
    )
    words = re.findall(r"\w+", kind)
    assert method == words[0]
    assert column == INDEXED[name]
    assert ("partial" in words) == bool(where)
    assert where == PARTIAL.get(name, "")
    assert operators == "vector_cosine_ops" or "vector_cosine_ops" not in words
    assert is_valid


def test_the_unique_key() -> None:
    assert "UNIQUE (client_id, slug, version)" in SECTION
    keys = ask("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'kaman_skills'::regclass")
    assert ("UNIQUE (client_id, slug, version)",) in keys


def test_the_parent_is_another_row_of_the_table() -> None:
    keys = ask(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'kaman_skills'::regclass AND confrelid = 'kaman_skills'::regclass"
    )
    assert [key[0].split(" DEFERRABLE")[0] for key in keys] == [
        "FOREIGN KEY (parent_skill_id) REFERENCES kaman_skills(id)"
    ]
