"""A database of its own for a benchmark, `<name>_<suffix>` on the server of DATABASE_URL, with all migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
import psycopg
from django.conf import settings


@contextmanager
def own_database(suffix: str, *, keep: bool = False) -> Iterator[None]:
    """Sets Django up on it, and drops it in the end unless it is to `keep`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    name = f"{settings.DATABASES['default']['NAME']}_{suffix}"
    with _server() as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    settings.DATABASES["default"]["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections.close_all()
        if not keep:
            with _server() as connection:
                connection.execute(f'DROP DATABASE "{name}"')


def _server() -> psycopg.Connection[Any]:
    place = settings.DATABASES["default"]
    own = {
        "host": place.get("HOST"),
        "port": place.get("PORT"),
        "user": place.get("USER"),
        "password": place.get("PASSWORD"),
    }
    return psycopg.connect(dbname="postgres", autocommit=True, **{name: value for name, value in own.items() if value})
