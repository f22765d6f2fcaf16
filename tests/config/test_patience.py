"""PostgreSQL ends what takes a serving process too long, and lets commands take their time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import database_url

ROOT = Path(__file__).parents[2]
ASK = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0])
"""
WEB = "import config.asgi\n"
WORKER = "import django; django.setup()\nfrom celery import signals\nimport config\nsignals.worker_init.send(None)\n"
COMMAND = "import django; django.setup()\n"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("process", "limits"), [(WEB, ["7s", "5s", "1min"]), (WORKER, ["9s", "5s", "1min"]), (COMMAND, ["0", "0", "0"])]
)
def test_each_process_has_its_limits(process: str, limits: list[str]) -> None:
    connection.ensure_connection()
    mine = {"WEB_STATEMENT_SECONDS": "7", "WORKER_STATEMENT_SECONDS": "9", "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment = os.environ | mine | {"DATABASE_URL": database_url()}
    done = subprocess.run(
        [sys.executable, "-c", process + ASK], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == limits, done.stderr
