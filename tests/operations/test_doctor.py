"""Each finding of `manage.py doctor`, with the thing really broken; and that all is well when nothing is."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from jobs.models import Job
from jobs.services import start_job
from operations import doctor
from operations.health import Part
from outbox.models import OutboxEvent
from skills.services import create_skill
from tests.conftest import Tenant
from tests.operations.conftest import Sees

pytestmark = pytest.mark.django_db
NOBODY = "127.0.0.1:1"


def run(*words: str) -> tuple[int, str]:
    """The exit code and what was said."""
    out = StringIO()
    try:
        call_command("doctor", *words, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def parts() -> dict[str, Part]:
    return {part.name: part for part in doctor.examine()}


def finds(name: str, state: str, word: str) -> Part:
    """The finding, with what to do about it; and the verdict that follows from it."""
    code, text = run("--json")
    told = json.loads(text)
    found = next(part for part in told["findings"] if part["name"] == name)
    assert (found["state"], found["word"]) == (state, word), found
    assert found["remedy"], "an operator is told what to do"
    assert code == (1 if state == "danger" else 0), [one for one in told["findings"] if one["state"] == "danger"]
    assert told["verdict"] == ("wrong" if state == "danger" else "warnings")
    return Part(**found)


def test_all_is_well(alive: Sees) -> None:
    code, text = run()
    assert code == 0
    assert "Everything is well." in text
    assert not {part.state for part in doctor.examine()} & {"danger", "warning"}


def test_the_table_says_what_to_do(seen: Sees) -> None:
    seen(worker=0, embedder=0)
    code, text = run()
    assert code == 1
    assert "✘  Beat" in text
    assert "→ Start it: celery -A config beat" in " ".join(text.split())
    assert "Begin at the top" in text


def test_nothing_secret_is_told(alive: Sees, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://:hunter2-redis@{NOBODY}/0"
    settings.KAFKA_BOOTSTRAP_SERVERS, settings.KAFKA_SECURITY = NOBODY, {"sasl.password": "hunter2-kafka"}
    assert "hunter2" not in run("--json")[1] + run()[1]


# --- The stores -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_database(alive: Sees, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "no-such-database")
    try:
        part = finds("Database", "danger", "unreachable")
        assert "no-such-database" in part.detail
        assert "DATABASE_URL" in part.remedy
        assert "Migrations" not in parts(), "what cannot be known is not told"
    finally:
        connection.close()


def test_a_missing_migration(alive: Sees) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs' AND name LIKE '0002%'")
    part = finds("Migrations", "danger", "1 missing")
    assert part.detail.startswith("jobs.0002")
    assert "manage.py migrate" in part.remedy


def test_a_table_that_is_not_there_yet_ends_no_diagnosis(alive: Sees) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox'")
        cursor.execute("DROP TABLE outbox_event")
    finds("Migrations", "danger", "3 missing")


def test_a_table_that_is_gone(alive: Sees) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE outbox_event")
    found = doctor.examine()
    (part,) = [one for one in found if one.word == "damaged"]
    assert 'relation "outbox_event" does not exist' in part.detail
    assert part.state == "danger"
    assert "Worker" in {one.name for one in found}, "what was found before is told all the same"


def test_no_vectors(alive: Sees) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION vector CASCADE")
    assert "CREATE EXTENSION vector" in finds("pgvector", "danger", "missing").remedy


def test_clocks_that_differ(alive: Sees, monkeypatch: pytest.MonkeyPatch) -> None:
    now = doctor.time.time
    assert doctor.clock().state == "success"
    for ahead, state in ((10, "warning"), (-10, "warning"), (120, "danger"), (-120, "danger")):
        with monkeypatch.context() as patch:
            patch.setattr(doctor.time, "time", lambda ahead=ahead: now() + ahead)
            part = doctor.clock()
        assert (part.state, part.word) == (state, "differs")
        assert f"differ by {abs(ahead)} s" in part.detail


def test_a_role_that_may_do_everything(alive: Sees, settings: Settings) -> None:
    settings.PRODUCTION = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[0], "the embedded server's only role"
        assert parts()["Database role"].word == "superuser"
        cursor.execute("CREATE ROLE guildhall_humble NOSUPERUSER")
        cursor.execute("SET LOCAL ROLE guildhall_humble")
        assert list(doctor._role()) == []
        cursor.execute("RESET ROLE")


def test_no_redis(alive: Sees, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://{NOBODY}/0"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    part = finds("Redis", "danger", "gone")
    assert "REDIS_URL" in part.remedy
    assert "Worker" not in parts()


def test_a_redis_that_throws_messages_away(alive: Sees, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = {"maxmemory": 1 << 30, "maxmemory_policy": "allkeys-lru"}
    monkeypatch.setattr(doctor.Redis, "info", lambda *_: memory)
    assert "noeviction" in finds("Redis memory", "warning", "evicts").remedy


# --- The processes ----------------------------------------------------------------------------------------------------


def test_no_worker(alive: Sees) -> None:
    alive(worker=300)
    part = finds("Worker", "danger", "silent")
    assert part.detail.startswith("Last seen 5 minutes ago")


def test_no_beat(alive: Sees) -> None:
    alive(beat=300, worker=300, embedder=300)
    finds("Beat", "danger", "silent")
    found = parts()
    assert found["Worker"].word == found["Embedder"].word == "unknown", "they show life by what beat has them do"
    alive(worker=0, embedder="no model")
    found = parts()
    assert (found["Worker"].word, found["Embedder"].word) == ("alive", "in trouble")


def test_the_embedder_of_the_worker(alive: Sees) -> None:
    alive(embedder="The embedding model cannot be loaded")
    assert finds("Embedder", "danger", "in trouble").detail == "The embedding model cannot be loaded"


def test_an_embedding_model_of_another_size(alive: Sees, settings: Settings) -> None:
    settings.EMBEDDING_MODEL = "BAAI/bge-base-en-v1.5"
    part = finds("Embedding model", "danger", "does not run")
    assert "does not give 384 dimensions" in part.detail


# --- What waits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "state"), [(1, "warning"), (10, "danger")])
def test_a_job_that_nobody_begins(jane: Tenant, alive: Sees, minutes: int, state: str) -> None:
    job = start_job(actor=jane.actor, request={"task_description": "Write a skill about waiting in line"})
    assert parts()["Jobs"].word == "on time"
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(minutes=minutes))
    finds("Jobs", state, "late")
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() + timedelta(minutes=1))
    assert parts()["Jobs"].word == "on time", "a job that waits for its turn is not late"


def test_skills_without_vectors(jane: Tenant, alive: Sees) -> None:
    create_skill(actor=jane.actor, name="Unseen", content="# Unseen", embed=False)
    assert finds("Search index", "warning", "behind").detail.startswith("1 skills wait")


def test_events_without_kafka(alive: Sees) -> None:
    OutboxEvent.objects.create(topic="t", key="k", payload={})
    assert parts()["Kafka"].state == "info", "nothing is lost, nothing is wrong"
    assert run()[0] == 0


@pytest.mark.parametrize(("minutes", "state"), [(1, "warning"), (10, "danger")])
def test_events_that_are_late(alive: Sees, kafka: str, minutes: int, state: str) -> None:
    event = OutboxEvent.objects.create(topic="t", key="k", payload={})
    assert parts()["Kafka"].word == "on time"
    OutboxEvent.objects.filter(pk=event.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    finds("Kafka", state, "behind")


def test_an_event_that_kafka_refuses(alive: Sees, kafka: str) -> None:
    OutboxEvent.objects.create(topic="t", key="k", payload={}, set_aside_at=timezone.now())
    assert "outbox --requeue" in finds("Set aside", "danger", "1").remedy


def test_no_relay(alive: Sees, kafka: str) -> None:
    alive(relay=300)
    finds("Relay", "danger", "silent")


def test_no_kafka(alive: Sees, settings: Settings) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = NOBODY
    part = finds("Kafka brokers", "danger", "unreachable")
    assert "KAFKA_BOOTSTRAP_SERVERS" in part.remedy


def test_topics_that_are_not_there(alive: Sees, kafka: str) -> None:
    assert finds("Kafka topics", "warning", "missing").detail == "extension_deleted, extension_saved"


# --- This machine -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "state"), [("NARROW_BYTES", "warning"), ("FULL_BYTES", "danger")])
def test_a_full_disk(alive: Sees, monkeypatch: pytest.MonkeyPatch, limit: str, state: str) -> None:
    monkeypatch.setattr(doctor, "NARROW_BYTES", 1 << 60)
    monkeypatch.setattr(doctor, "FULL_BYTES", 0)
    monkeypatch.setattr(doctor, limit, 1 << 60)
    finds("Disk (models)", state, "nearly full")


def test_a_folder_that_is_not_made_yet_is_measured_where_it_will_be(alive: Sees, settings: Settings, tmp_path) -> None:
    settings.MODEL_DIR = tmp_path / "not" / "yet"
    assert str(tmp_path) in next(one for one in doctor._disks()).detail


@pytest.mark.parametrize(
    ("name", "value", "words"), [("ALLOWED_HOSTS", ["*"], "takes every name"), ("DEBUG", True, "shows settings")]
)
def test_unsafe_settings(alive: Sees, settings: Settings, name: str, value: object, words: str) -> None:
    setattr(settings, name, value)
    assert words in finds("Settings", "danger", "unsafe").detail


def test_djangos_own_deployment_checks(alive: Sees, settings: Settings) -> None:
    settings.PRODUCTION = True
    told = {part.word for part in doctor._settings()}
    assert {"security.W008", "security.W012"} <= told, "this test run redirects nothing to TLS"


def test_development(alive: Sees, settings: Settings) -> None:
    settings.DEVELOPMENT = True
    assert "GUILDHALL_ENV=production" in finds("Settings", "warning", "development").remedy
