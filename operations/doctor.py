"""What is wrong, and what to do about it: everything of operations/health.py, and what is too dear for each page or
probe to ask."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from redis import Redis
from redis.exceptions import RedisError

from core.errors import Unavailable
from inference import embedder
from operations import health
from operations.health import Part
from outbox.producer import topics_of_broker

_PATIENCE_SECONDS: Final = 5.0
# Of a volume: below the first nothing can be written soon, below the second somebody should look.
FULL_BYTES: Final = 512 * 1024**2
NARROW_BYTES: Final = 5 * 1024**3
# Tokens and leases compare times of several machines.
SKEWED_SECONDS: Final = 2.0
WRONG_SECONDS: Final = 30.0


def examine() -> list[Part]:
    """Every finding, the good ones too, in the order in which one mends."""
    found = [*_settings(), health.database()]
    if found[-1].state == "success":
        try:
            found.extend(_of_database())  # what came before an error stays
        except DatabaseError as problem:
            found.append(_broken(problem))
    found += [*_redis(), embedding(), *_disks()]
    return found


def verdict(parts: Sequence[Part]) -> str:
    states = {part.state for part in parts}
    return "wrong" if "danger" in states else "warnings" if "warning" in states else "fine"


# --- Settings ---------------------------------------------------------------------------------------------------------


def _settings() -> Iterator[Part]:
    """Django's own deployment checks, and what they do not know."""
    unsafe = [*_unsafe_settings()]
    yield from unsafe
    if settings.DEVELOPMENT:
        told = "Whoever reaches the port may act for the demonstration tenant, and nothing limits rates."
        yield Part("Settings", "warning", "development", told, "On a server: GUILDHALL_ENV=production")
    elif not unsafe:
        yield Part("Settings", "success", "safe")


def _unsafe_settings() -> Iterator[Part]:
    if "*" in settings.ALLOWED_HOSTS:
        told = "ALLOWED_HOSTS takes every name, so links and caches can be turned to another site."
        yield Part("Settings", "danger", "unsafe", told, "Name your hosts in ALLOWED_HOSTS.")
    if settings.DEBUG:
        told = "DEBUG shows settings and source to whoever meets an error."
        yield Part("Settings", "danger", "unsafe", told, "Set DEBUG to False.")
    if settings.PRODUCTION:
        for one in checks.run_checks(include_deployment_checks=True):
            if not one.is_silenced() and one.level >= checks.WARNING:
                yield Part("Settings", "warning", one.id or "check", one.msg.replace("\n", " "), one.hint or "")


# --- The stores -------------------------------------------------------------------------------------------------------


def _of_database() -> Iterator[Part]:
    migrations = health.migrations()
    yield migrations
    yield extension()
    yield clock()
    yield from _role()
    if migrations.state != "success":
        return  # what follows reads tables that may not be there
    signs = health.signs_of_life()
    if signs is not None:
        yield from health.processes(signs)
    yield from (health.queue(), *health.events(signs), *_kafka(), health.search_index())


def _broken(problem: DatabaseError) -> Part:
    remedy = "Its tables are not those of this version: restore a backup into a new database."
    return Part("Database", "danger", "damaged", str(problem).partition("\n")[0], remedy)


def extension() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        row = cursor.fetchone()
    if row:
        return Part("pgvector", "success", row[0])
    remedy = "Install pgvector on the database server, then as its owner: CREATE EXTENSION vector"
    return Part("pgvector", "danger", "missing", "Without it no skill is found by meaning, and none is saved.", remedy)


def clock() -> Part:
    """This machine's clock against the database's, in the middle of a round trip."""
    began = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        there = float(cursor.fetchone()[0])
    ended = time.time()
    skew = max(0.0, began - there, there - ended)
    if skew < SKEWED_SECONDS:
        return Part("Clock", "success", "agrees")
    told = f"This machine and the database differ by {skew:.0f} s: tokens end early or late, leases run out."
    state: health.Word = "danger" if skew >= WRONG_SECONDS else "warning"
    return Part("Clock", state, "differs", told, "Let both machines keep time by NTP.")


def _role() -> Iterator[Part]:
    """A superuser passes every wall that the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, too_mighty = cursor.fetchone()
    if too_mighty and settings.PRODUCTION:
        told = f"Guildhall signs in as '{name}', who may do everything on that server."
        yield Part("Database role", "warning", "superuser", told, f"ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS")


def _redis() -> Iterator[Part]:
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
        ) as client:
            memory = client.info("memory")
    except (RedisError, OSError, ValueError) as problem:
        (gone,) = health.processes(None)
        yield replace(gone, detail=f"{gone.detail} ({problem})")
        return
    yield Part("Redis", "success", "reachable")
    if memory.get("maxmemory") and memory.get("maxmemory_policy") != "noeviction":
        told = f"Redis throws away what it likes when it is full ({memory['maxmemory_policy']}): messages too."
        yield Part("Redis memory", "warning", "evicts", told, "Set maxmemory-policy to noeviction.")


def _kafka() -> Iterator[Part]:
    if not settings.KAFKA_BOOTSTRAP_SERVERS:
        return
    try:
        known = topics_of_broker(_PATIENCE_SECONDS)
    except Unavailable as problem:
        remedy = "Start the brokers, or correct KAFKA_BOOTSTRAP_SERVERS and the KAFKA_ settings beside it."
        yield Part("Kafka brokers", "danger", "unreachable", problem.message, remedy)
        return
    missing = sorted(set(settings.KAFKA_TOPICS.values()) - known)
    if missing:
        remedy = "Make them, unless the brokers make topics of their own accord."
        yield Part("Kafka topics", "warning", "missing", ", ".join(missing), remedy)
    else:
        yield Part("Kafka brokers", "success", "reachable")


# --- This machine -----------------------------------------------------------------------------------------------------


def embedding() -> Part:
    """Really embeds a text: loads the model, about two seconds."""
    try:
        vector = embedder.embed_query("what an operator asks")
    except Unavailable as problem:
        remedy = "See GUILDHALL_EMBEDDING_MODEL and GUILDHALL_MODEL_DIR, then: manage.py check_embedder"
        return Part("Embedding model", "danger", "does not run", problem.message, remedy)
    return Part("Embedding model", "success", "runs", f"{embedder.model_name()}, {len(vector)} dimensions")


def _disks() -> Iterator[Part]:
    """The volumes of this machine on which Guildhall writes; the database's own is its server's to watch."""
    seen = set()
    for what, wanted in (("Disk (models)", Path(settings.MODEL_DIR)), ("Disk (scratch)", Path(tempfile.gettempdir()))):
        folder = next(one for one in (wanted, *wanted.absolute().parents) if one.exists())
        if (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            yield _disk(what, folder)


def _disk(what: str, folder: Path) -> Part:
    free = shutil.disk_usage(folder).free
    told = f"{free / 1024**3:.1f} GiB free at {folder}"
    if free >= NARROW_BYTES:
        return Part(what, "success", "enough", told)
    state: health.Word = "danger" if free < FULL_BYTES else "warning"
    return Part(what, state, "nearly full", told, "Make room: models and uploads are written there.")
