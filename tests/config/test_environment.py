"""The server refuses to start unsafely, and reads the URLs of its services."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

ROOT = Path(__file__).parents[2]
GOOD = "k7Qe" * 16


@pytest.mark.parametrize("value", ["", "short", "change-me-" + "x" * 60, "insecure-" + "y" * 60])
def test_a_missing_short_or_sample_secret_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SECRET_KEY", value)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        environment.secret("SECRET_KEY", required=True)


SAFE = {"SECRET_KEY": GOOD, "JWT_SIGNING_KEY": GOOD[::-1], "ALLOWED_HOSTS": "guildhall.example"}


@pytest.mark.parametrize(
    ("secrets", "complaint"),
    [
        ({}, "SECRET_KEY"),
        (SAFE | {"JWT_SIGNING_KEY": GOOD}, "must differ"),
        (SAFE | {"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        (SAFE | {"DEBUG": "true"}, "DEBUG is no setting"),
    ],
)
def test_production_is_the_default_and_does_not_start_unsafely(secrets: dict[str, str], complaint: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in ("GUILDHALL_ENV", *SAFE)}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=kept | secrets, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert complaint in done.stderr


@pytest.mark.parametrize("value", ["", "*", "guildhall.example, *", "."])
def test_hosts_that_let_anybody_pass_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", value)
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS must name the hosts"):
        environment.hosts("ALLOWED_HOSTS", required=True)
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, .b.example")
    assert environment.hosts("ALLOWED_HOSTS", required=True) == ["a.example", ".b.example"]


@pytest.mark.parametrize(
    ("url", "host", "name", "user", "port"),
    [
        ("postgresql://u:p%40ss@db:5433/guild", "db", "guild", "u", "5433"),
        ("postgresql://guildhall@/guildhall?host=/run/pg", "/run/pg", "guildhall", "guildhall", ""),
    ],
)
def test_database_urls(url: str, host: str, name: str, user: str, port: str) -> None:
    entry = environment.database(url)
    assert (entry["HOST"], entry["NAME"], entry["USER"], entry["PORT"]) == (host, name, user, port)
    assert entry["PASSWORD"] == ("p@ss" if "p%40ss" in url else "")


def test_other_databases_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        environment.database("sqlite:///guildhall.db")


def test_celery_spells_sockets_its_own_way() -> None:
    assert environment.celery_broker("redis://redis:6379/1") == "redis://redis:6379/1"
    assert environment.celery_broker("unix:///run/r.sock?db=3") == "redis+socket:///run/r.sock?virtual_host=3"


def test_numbers_and_flags_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_THREADS", "many")
    monkeypatch.setenv("BEHIND_TLS_PROXY", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="WEB_THREADS"):
        environment.number("WEB_THREADS", 4)
    with pytest.raises(ImproperlyConfigured, match="BEHIND_TLS_PROXY"):
        environment.flag("BEHIND_TLS_PROXY", False)


@pytest.mark.parametrize("value", ["often", "10", "10 per fortnight"])
def test_rates_that_mean_nothing_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PLANTED", value)
    with pytest.raises(ImproperlyConfigured, match="PLANTED must look like '10 per 5 minutes'"):
        environment.rate("PLANTED", "1 per hour")
    monkeypatch.setenv("PLANTED", "")
    assert environment.rate("PLANTED", "1 per hour") == "", "no limit"
    monkeypatch.delenv("PLANTED")
    assert environment.rate("PLANTED", "1 per hour") == "1 per hour"


def test_pairs_prices_and_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED", "qwen3:8b=0/0.5, a=b=1.25/10")
    assert environment.prices("PLANTED") == {
        "qwen3:8b": (Decimal(0), Decimal("0.5")),
        "a=b": (Decimal("1.25"), Decimal(10)),
    }
    monkeypatch.setenv("PLANTED", "Auto")
    assert environment.choice("PLANTED", ("text", "auto")) == "auto"
    monkeypatch.setenv("PLANTED", "")
    assert environment.choice("PLANTED", ("text", "auto")) == "text"
    assert environment.pairs("PLANTED") == {}


@pytest.mark.parametrize("value", ["a", "a=", "=1/2", "a=1", "a=1/2/3", "a=x/y", "a=-1/2", "a=nan/1"])
def test_prices_that_mean_nothing_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PLANTED", value)
    with pytest.raises(ImproperlyConfigured, match="PLANTED must look like"):
        environment.prices("PLANTED")
