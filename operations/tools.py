"""PostgreSQL's own client programs: found on the machine, run with the connection of this process."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from core.errors import Unavailable


def run_tool(name: str, *arguments: str | Path, database: Mapping[str, Any]) -> None:
    """Runs `pg_dump` or `pg_restore` against `database` (as in DATABASES); raises Unavailable with its complaint.

    The password travels in the environment, where the process list does not show it.
    """
    environment = os.environ | {
        variable: str(database[key])
        for variable, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD"))
        if database.get(key)
    }
    command = [find_tool(name), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Unavailable(f"{name} failed: {done.stderr.strip()[-2000:]}", code="postgres_tool")


def find_tool(name: str) -> str:
    """The program in POSTGRES_BIN or on the PATH; raises Unavailable and says which settings help."""
    found = shutil.which(name, path=settings.POSTGRES_BIN or None)
    if not found:
        raise Unavailable(
            f"{name} was not found. Install PostgreSQL's client programs of the server's version, or set POSTGRES_BIN "
            "to their folder.",
            code="no_postgres_tool",
        )
    return found
