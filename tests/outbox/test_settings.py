"""KAFKA_ settings reach librdkafka, and wrong ones are told at the start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import environment
from outbox.producer import check_configuration, configuration

ROOT = Path(__file__).parent.parent.parent
SASL = {
    "KAFKA_SECURITY_PROTOCOL": "sasl_ssl",
    "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
    "KAFKA_SASL_USERNAME": "guildhall",
    "KAFKA_SASL_PASSWORD": "a password",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("KAFKA_"):
            monkeypatch.delenv(name)


def give(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_the_environment_reaches_librdkafka(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = {"KAFKA_SSL_CA": "ca.pem", "KAFKA_SSL_CERTIFICATE": "mine.pem", "KAFKA_SSL_KEY": "mine.key"}
    paths = {name: str(tmp_path / file) for name, file in files.items()}
    give(monkeypatch, {**SASL, **paths, "KAFKA_SSL_KEY_PASSWORD": "another"})
    give(monkeypatch, {"KAFKA_BOOTSTRAP_SERVERS": "one:9092, two:9093"})
    settings.KAFKA_SECURITY = environment.kafka_security()
    settings.KAFKA_BOOTSTRAP_SERVERS = environment.kafka_servers()
    told = configuration()
    assert told["bootstrap.servers"] == "one:9092,two:9093"
    assert (told["security.protocol"], told["sasl.mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (told["sasl.username"], told["sasl.password"]) == ("guildhall", "a password")
    assert told["ssl.ca.location"] == paths["KAFKA_SSL_CA"]
    assert told["ssl.certificate.location"] == paths["KAFKA_SSL_CERTIFICATE"]
    assert (told["ssl.key.location"], told["ssl.key.password"]) == (paths["KAFKA_SSL_KEY"], "another")
    # librdkafka reads them: it misses the file, which is not there
    with pytest.raises(ImproperlyConfigured, match=r"ssl\.ca\.location"):
        check_configuration()


def test_librdkafka_takes_every_setting_of_ours(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1"
    for values in ({}, SASL, {"KAFKA_SECURITY_PROTOCOL": "SSL"}):
        with monkeypatch.context() as only_here:
            give(only_here, values)
            settings.KAFKA_SECURITY = environment.kafka_security()
            check_configuration()


def test_what_makes_a_producer_safe_is_not_for_choice(settings: Settings) -> None:
    told = configuration()
    assert told["enable.idempotence"] is True
    assert told["acks"] == "all"
    assert told["message.timeout.ms"] == 0


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "TLS"}, "KAFKA_SECURITY_PROTOCOL must be one of"),
        ({**SASL, "KAFKA_SASL_MECHANISM": "MD5"}, "KAFKA_SASL_MECHANISM must be one of"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "needs KAFKA_SASL_MECHANISM"),
        ({**SASL, "KAFKA_SASL_PASSWORD": ""}, "needs KAFKA_SASL_MECHANISM"),
        ({"KAFKA_SASL_USERNAME": "x"}, "need KAFKA_SECURITY_PROTOCOL=SASL_SSL"),
        ({"KAFKA_SSL_CA": "ca.pem"}, "need KAFKA_SECURITY_PROTOCOL=SSL"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SSL_KEY": "x.key"}, "belong together"),
    ],
    ids=["protocol", "mechanism", "no-credentials", "no-password", "sasl-unused", "tls-unused", "half-a-pair"],
)
def test_wrong_security_is_refused(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], says: str) -> None:
    give(monkeypatch, values)
    with pytest.raises(ImproperlyConfigured, match=says):
        environment.kafka_security()


@pytest.mark.parametrize("servers", ["kafka://one:9092", "one", "one:9092,two"])
def test_wrong_servers_are_refused(monkeypatch: pytest.MonkeyPatch, servers: str) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", servers)
    with pytest.raises(ImproperlyConfigured, match="must look like host:9092"):
        environment.kafka_servers()


def test_the_relay_ends_at_once_and_says_what_is_wrong() -> None:
    told = os.environ | {"GUILDHALL_ENV": "test", "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    told |= {"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SSL_CA": "/nowhere/ca.pem"}
    done = subprocess.run(
        [sys.executable, "manage.py", "relay_outbox"], cwd=ROOT, env=told, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "Kafka's client refuses the KAFKA_ settings" in done.stderr
    assert "Traceback" not in done.stderr
