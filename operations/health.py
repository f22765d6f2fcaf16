"""Whether everything that Guildhall consists of is well: what the desk, `manage.py doctor` and /readyz know alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final, Literal, TypeAlias

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from core import heartbeat
from core.templatetags.desk import age
from jobs.reports import oldest_due
from outbox.reports import kafka_lag
from skills.reports import without_vector

_MANY: Final = 1_000
# So long a job that is due, or an event, may wait while all is well, and until it counts as forgotten.
_LATE_SECONDS, _LOST_SECONDS = 30, 300
# The embedder beats by a task that runs each 15 seconds; the others beat all the time.
_NAMES: Final = ("beat", "worker", "relay", "embedder")
_NOT_SEEN, _SILENT = "not seen", "silent"

Word: TypeAlias = Literal["success", "warning", "danger", "info"]
Signs: TypeAlias = Mapping[str, heartbeat.Sign] | None


@dataclass(frozen=True)
class Part:
    """One part: how it is (`state`), what there is to know in a few words, and what an operator does about it."""

    name: str
    state: Word
    word: str
    detail: str = ""
    remedy: str = ""


def health(*, all_of_it: bool) -> list[Part]:
    """The parts that may fail while pages are still served. `all_of_it` is for operators: how far events of all tenants
    are is no tenant's business."""
    signs = signs_of_life()
    parts = [*processes(signs), search_index()]
    return [*parts, queue(), *events(signs)] if all_of_it else parts


def signs_of_life() -> Signs:
    """The signs of life of all processes; None where Redis is gone."""
    return heartbeat.signs(_NAMES)


# --- The database -----------------------------------------------------------------------------------------------------


def database() -> Part:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        remedy = "Start PostgreSQL, or correct DATABASE_URL. Until then nothing works."
        return Part("Database", "danger", "unreachable", str(problem).partition("\n")[0], remedy)
    return Part("Database", "success", "reachable")


def migrations() -> Part:
    """Asks one table; what the code knows is read once in each process."""
    missing = sorted(_known_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    if not missing:
        return Part("Migrations", "success", "applied")
    shown = ", ".join(".".join(one) for one in missing[:3]) + (", …" if len(missing) > 3 else "")
    return Part("Migrations", "danger", f"{len(missing)} missing", shown, "Run: manage.py migrate")


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


# --- The processes ----------------------------------------------------------------------------------------------------


def processes(signs: Signs) -> list[Part]:
    if signs is None:
        price = "Jobs start late and nobody signs in to the APIs with a password."
        return [Part("Redis", "danger", "gone", price, "Start Redis, or correct REDIS_URL.")]
    beat = _alive("Beat", signs.get("beat"), "What a dead worker left is not found.", "celery -A config beat")
    worker = _alive("Worker", signs.get("worker"), "No jobs are run.", "celery -A config worker -Q recovery,jobs")
    embedder = _alive("Embedder", signs.get("embedder"), "New skills are not found by meaning.", "")
    return [beat, *(_judged(part, beat) for part in (worker, embedder))]


def _judged(part: Part, beat: Part) -> Part:
    """Worker and embedder show their life by what beat has them do."""
    if beat.state == "success" or part.word not in (_NOT_SEEN, _SILENT):
        return part
    return Part(part.name, "warning", "unknown", "While the beat is silent, nobody can tell.", "Start the beat.")


def _alive(name: str, sign: heartbeat.Sign | None, price: str, command: str) -> Part:
    remedy = f"Start it: {command}" if command else "Look into the worker's log, or run: manage.py check_embedder"
    if sign is None:
        return Part(name, "danger", _NOT_SEEN, price, remedy)
    if not sign.is_fresh:
        return Part(name, "danger", _SILENT, f"Last seen {age(sign.at)} ago. {price}", remedy)
    if sign.trouble:
        return Part(name, "danger", "in trouble", sign.trouble, "Look into its log.")
    return Part(name, "success", "alive")


# --- What waits -------------------------------------------------------------------------------------------------------


def queue() -> Part:
    since = oldest_due()
    seconds = _seconds_since(since)
    if seconds < _LATE_SECONDS:
        return Part("Jobs", "success", "on time")
    state: Word = "danger" if seconds >= _LOST_SECONDS else "warning"
    remedy = "See whether the workers live; if they do, they are too few: start more."
    return Part("Jobs", state, "late", f"One should have begun {age(since)} ago.", remedy)


def search_index() -> Part:
    waiting = without_vector(_MANY)
    if not waiting:
        return Part("Search index", "success", "complete")
    many = f"{waiting} or more" if waiting == _MANY else str(waiting)
    told = f"{many} skills wait for their vector: words find them, meaning not yet."
    remedy = "The worker embeds 200 each 15 seconds; all at once: manage.py reembed_skills"
    return Part("Search index", "warning", "behind", told, remedy)


def relay(signs: Signs) -> Part:
    """How the relay fares, or that there is none: nothing is counted."""
    if not settings.KAFKA_BOOTSTRAP_SERVERS:
        return Part("Kafka", "info", "off")
    return _alive("Relay", (signs or {}).get("relay"), "Events wait in the outbox.", "manage.py relay_outbox")


def events(signs: Signs) -> list[Part]:
    lag = kafka_lag()
    if not lag.is_on:
        remedy = "To send them set KAFKA_BOOTSTRAP_SERVERS." if lag.waiting else ""
        return [Part("Kafka", "info", "off", f"{lag.waiting} events wait in the outbox; nothing is lost.", remedy)]
    parts = [relay(signs)] if signs is not None else []
    late = f"{lag.waiting} events wait, the oldest for {age(lag.oldest_at)}." if lag.waiting else ""
    seconds = _seconds_since(lag.oldest_at)
    if lag.waiting > _MANY or seconds >= _LATE_SECONDS:
        state: Word = "danger" if seconds >= _LOST_SECONDS else "warning"
        parts.append(Part("Kafka", state, "behind", late, "See whether the relay lives, and its log."))
    else:
        parts.append(Part("Kafka", "success", "on time", late))
    if lag.set_aside:
        remedy = "See why with `manage.py outbox --set-aside`, then send them with `manage.py outbox --requeue ID`."
        refused = "Events that Kafka refuses; see the outbox."
        parts.append(Part("Set aside", "danger", str(lag.set_aside), refused, remedy))
    return parts


def _seconds_since(moment: datetime | None) -> float:
    return (datetime.now(UTC) - moment).total_seconds() if moment else 0
