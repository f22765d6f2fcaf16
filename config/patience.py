"""How long PostgreSQL works for a process that serves others. Commands (migrate, import_skills) take their time."""

from __future__ import annotations

from typing import Final

from django.db import connections

# For a lock, and between two statements of a transaction.
LOCK_SECONDS: Final = 5
IDLE_SECONDS: Final = 60


def limit_statements(seconds: int) -> None:
    """On every connection that this process opens from now on a statement ends after so many seconds; 0: no limit."""
    if not seconds:
        return
    limits = {
        "statement_timeout": seconds,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    for database in connections.databases.values():
        options = database["OPTIONS"]
        given = [options.get("options", ""), *(f"-c {name}={value}s" for name, value in limits.items())]
        options["options"] = " ".join(given).strip()
