"""Backups: PostgreSQL's own dump beside a manifest of what it must hold, and restores that prove that it does.

A backup is a folder with `database.dump` (pg_dump, custom format) and `manifest.json`. Everything Guildhall keeps is in
PostgreSQL; Redis holds nothing that is missed, and secrets are the operator's to keep elsewhere.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from psycopg import sql

from core.errors import Conflict, Invalid
from operations.manifest import Manifest
from operations.tools import run_tool

DUMP = "database.dump"
MANIFEST = "manifest.json"
FORMAT = 1


def back_up(folder: Path) -> Manifest:
    """Writes a backup into `folder`, which must be new or empty. Dump and manifest see the same moment."""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty; name a new folder", code="folder_not_empty")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        manifest = Manifest.of(cursor)
        name = connection.settings_dict["NAME"]
        target = folder / DUMP
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        run_tool("pg_dump", *options, f"--dbname={name}", database=connection.settings_dict)
    facts = {"format": FORMAT, "version": settings.VERSION, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    (folder / MANIFEST).write_text(json.dumps(facts | manifest.as_json(), indent=1) + "\n")
    return manifest


def verify(folder: Path) -> Manifest:
    """Restores the backup into a database of its own, which is gone afterwards; raises Conflict where it differs."""
    with _passing_database() as name:
        return restore(folder, database=name)


def restore(folder: Path, *, database: str) -> Manifest:
    """Restores into `database` of the same server, which must exist and hold no tables; raises Conflict otherwise, and
    where what was restored is not what the manifest says."""
    wanted = _read_manifest(folder)
    with _connected_to(database) as target:
        with target.cursor() as cursor:
            if Manifest.of(cursor).tables:
                raise Conflict(f"The database '{database}' is not empty; restore into a new one", code="not_empty")
        options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        run_tool("pg_restore", *options, f"--dbname={database}", folder / DUMP, database=connection.settings_dict)
        with target.cursor() as cursor:
            found = Manifest.of(cursor)
    if differences := wanted.differences(found):
        raise Conflict("The copy is not what was backed up:\n" + "\n".join(differences), code="backup_differs")
    return found


def _read_manifest(folder: Path) -> Manifest:
    try:
        values: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        if values["format"] != FORMAT:
            raise Invalid(f"{folder} is a backup of format {values['format']}, which this version cannot read")
        if not (folder / DUMP).is_file():
            raise FileNotFoundError(DUMP)
        return Manifest.read(values)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Invalid(f"{folder} is no backup: {problem}", code="no_backup") from None


@contextmanager
def _passing_database() -> Iterator[str]:
    name = f"guildhall_verify_{secrets.token_hex(4)}"
    _at_server(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        _at_server(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _at_server(statement: sql.Composed) -> None:
    """Runs what no transaction may hold, on a connection of its own."""
    with _connected_to(connection.settings_dict["NAME"]) as server, server.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _connected_to(database: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection beside Django's own, to another database of the same server."""
    handler = ConnectionHandler({"default": {**connections.databases["default"], "NAME": database}})
    try:
        yield handler["default"]
    finally:
        handler["default"].close()
