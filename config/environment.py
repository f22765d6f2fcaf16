"""Reads the environment: typed values, service URLs, and the secrets without which a server must not start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from limits import parse as parse_rate

MIN_SECRET_LENGTH = 50
_SAMPLES = ("change-me", "changeme", "insecure", "secret", "sample", "example")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def number(name: str, default: int) -> int:
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not '{value}'") from None


def flag(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value and value not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not '{value}'")
    return value in {"1", "true", "yes", "on"} if value else default


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def rate(name: str, default: str) -> str:
    """`120 per minute`, `10 per 5 minutes`; empty is no limit."""
    value = os.environ.get(name, default).strip()
    try:
        if value:
            parse_rate(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must look like '10 per 5 minutes', not '{value}'") from None
    return value


def choice(name: str, options: Sequence[str]) -> str:
    """One of the options; the first is the default."""
    value = text(name).lower() or options[0]
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(one or '(empty)' for one in options)}")
    return value


def pairs(name: str) -> dict[str, str]:
    """`a=b, c=d`"""
    found = {}
    for word in words(name):
        key, equals, value = (part.strip() for part in word.rpartition("="))
        if not (key and equals and value):
            raise ImproperlyConfigured(f"{name} must look like name=value, name=value; '{word}' does not")
        found[key] = value
    return found


def prices(name: str) -> dict[str, tuple[Decimal, Decimal]]:
    """`model=input/output, …` in a currency of the operator's choice."""
    found = {}
    for model, value in pairs(name).items():
        parts = value.split("/")
        try:
            given = [Decimal(part.strip()) for part in parts]
        except InvalidOperation:
            given = []
        if len(given) != 2 or not all(one.is_finite() and one >= 0 for one in given):
            raise ImproperlyConfigured(f"{name} must look like model=0.25/2.00 (input/output); '{value}' does not")
        found[model] = (given[0], given[1])
    return found


def secret(name: str, *, required: bool) -> str:
    """A secret of at least 50 characters that is nobody's sample; where none is required, a fixed one for tests."""
    value = text(name)
    if not required:
        return value or f"{name}-of-a-test-run-that-serves-nobody-".ljust(MIN_SECRET_LENGTH, "x")
    if len(value) < MIN_SECRET_LENGTH or any(sample in value.lower() for sample in _SAMPLES):
        raise ImproperlyConfigured(
            f"{name} must be set to a random text of at least {MIN_SECRET_LENGTH} characters, not a sample. "
            f'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def hosts(name: str, *, required: bool) -> list[str]:
    """The names under which the site is reached; without any, where none are required, this machine's own."""
    given = words(name)
    if required and (not given or any(host.lstrip(".") in ("", "*") for host in given)):
        raise ImproperlyConfigured(
            f"{name} must name the hosts under which the site is reached, for instance guildhall.your-company.test; "
            "with * anybody could pass for it"
        )
    return given or ["127.0.0.1", "localhost", "[::1]", "testserver"]


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name`; a socket folder goes in `?host=`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/guildhall")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def celery_broker(redis_url: str) -> str:
    """Celery's spelling of a Redis URL: a socket is `redis+socket:///path?virtual_host=0`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{parts.path}?virtual_host={dict(parse_qsl(parts.query)).get('db', '0')}"


_KAFKA_PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
_KAFKA_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_KAFKA_SASL = {"sasl.username": "KAFKA_SASL_USERNAME", "sasl.password": "KAFKA_SASL_PASSWORD"}
_KAFKA_TLS = {
    "ssl.ca.location": "KAFKA_SSL_CA",
    "ssl.certificate.location": "KAFKA_SSL_CERTIFICATE",
    "ssl.key.location": "KAFKA_SSL_KEY",
    "ssl.key.password": "KAFKA_SSL_KEY_PASSWORD",
}


def kafka_servers() -> str:
    """KAFKA_BOOTSTRAP_SERVERS, `host:port,host:port`; empty when Kafka is off."""
    servers = words("KAFKA_BOOTSTRAP_SERVERS")
    for server in servers:
        host, _, port = server.rpartition(":")
        if not host or "/" in host or not port.isdecimal():
            raise ImproperlyConfigured(f"KAFKA_BOOTSTRAP_SERVERS must look like host:9092,host:9092, not '{server}'")
    return ",".join(servers)


def kafka_security() -> dict[str, str]:
    """How to sign in to Kafka, in librdkafka's words. What is half given is refused: it would be ignored in silence."""
    protocol = _one_of("KAFKA_SECURITY_PROTOCOL", _KAFKA_PROTOCOLS, "PLAINTEXT")
    mechanism = _one_of("KAFKA_SASL_MECHANISM", _KAFKA_MECHANISMS, "")
    sasl = {option: text(name) for option, name in _KAFKA_SASL.items() if text(name)}
    tls = {option: text(name) for option, name in _KAFKA_TLS.items() if text(name)}
    if protocol.startswith("SASL_"):
        if not mechanism or len(sasl) < len(_KAFKA_SASL):
            raise ImproperlyConfigured(
                f"KAFKA_SECURITY_PROTOCOL={protocol} needs KAFKA_SASL_MECHANISM ({', '.join(_KAFKA_MECHANISMS)}), "
                "KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD"
            )
        sasl["sasl.mechanism"] = mechanism
    elif mechanism or sasl:
        raise ImproperlyConfigured("KAFKA_SASL_ settings need KAFKA_SECURITY_PROTOCOL=SASL_SSL (or SASL_PLAINTEXT)")
    if tls and not protocol.endswith("SSL"):
        raise ImproperlyConfigured("KAFKA_SSL_ settings need KAFKA_SECURITY_PROTOCOL=SSL or SASL_SSL")
    if ("ssl.certificate.location" in tls) != ("ssl.key.location" in tls):
        raise ImproperlyConfigured("KAFKA_SSL_CERTIFICATE and KAFKA_SSL_KEY belong together")
    return {"security.protocol": protocol, **sasl, **tls}


def _one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    value = text(name).upper() or default
    if value != default and value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not '{value}'")
    return value
