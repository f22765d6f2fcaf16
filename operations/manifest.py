"""What a database holds, in a form that two databases can be compared by: rows and digest of each table, sequences."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import sql

_TABLES = """
    SELECT relname, coalesce((SELECT array_agg(attname ORDER BY array_position(indkey::int2[], attnum))
                                FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
                               WHERE indrelid = pg_class.oid AND indisprimary), '{}')
      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_SEQUENCES = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"


@dataclass(frozen=True)
class Table:
    """`sha256` covers every row in the order of the primary key, in PostgreSQL's binary form."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    tables: dict[str, Table]
    sequences: dict[str, int]

    @classmethod
    def of(cls, cursor: CursorWrapper) -> Manifest:
        """What the cursor's transaction sees."""
        cursor.execute(_TABLES)
        tables = {name: _measure(cursor, name, key) for name, key in cursor.fetchall()}
        cursor.execute(_SEQUENCES)
        return cls(tables, dict(cursor.fetchall()))

    @classmethod
    def read(cls, values: dict[str, Any]) -> Manifest:
        return cls({name: Table(**table) for name, table in values["tables"].items()}, dict(values["sequences"]))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def differences(self, other: Manifest) -> list[str]:
        """What differs, a line each, for people; empty only when both hold the same and hold anything at all."""
        if not self.tables or not other.tables:
            return ["there are no tables to compare"]
        names = sorted(self.tables.keys() | other.tables.keys())
        found = [
            f"table {name}: {_told(self.tables.get(name))}, but {_told(other.tables.get(name))} in the copy"
            for name in names
            if self.tables.get(name) != other.tables.get(name)
        ]
        return found + [
            f"sequence {name}: {self.sequences.get(name)}, but {other.sequences.get(name)} in the copy"
            for name in sorted(self.sequences.keys() | other.sequences.keys())
            if self.sequences.get(name) != other.sequences.get(name)
        ]


def _told(table: Table | None) -> str:
    return f"{table.rows} rows ({table.sha256[:12]})" if table else "absent"


def _measure(cursor: CursorWrapper, name: str, key: list[str]) -> Table:
    """One pass over the table, without holding it: the rows come as PostgreSQL sends them."""
    order = sql.SQL(", ").join(map(sql.Identifier, key)) if key else sql.SQL("{}::text").format(sql.Identifier(name))
    rows = sql.SQL("SELECT * FROM {} ORDER BY {}").format(sql.Identifier(name), order)
    digest = hashlib.sha256()
    with cursor.copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(rows)) as stream:
        for data in stream:
            digest.update(data)
    return Table(cursor.rowcount, digest.hexdigest())
