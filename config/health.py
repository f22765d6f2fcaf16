"""Whether everything that Guildhall consists of is alive, for the first page of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core import heartbeat
from core.templatetags.desk import age
from outbox.reports import kafka_lag
from skills.reports import without_vector

_MANY = 1_000
# Beats by a task that runs each 15 seconds; the worker and the relay beat all the time.
_NAMES: Final = ("worker", "relay", "embedder")


@dataclass(frozen=True)
class Part:
    """One part: how it is (`state`), and what there is to know in a few words."""

    name: str
    state: Literal["success", "warning", "danger", "info"]
    word: str
    detail: str


def health(*, all_of_it: bool) -> list[Part]:
    """The parts; `all_of_it` is for operators: how far events of all tenants are is no tenant's business."""
    signs = heartbeat.signs(_NAMES)
    if signs is None:
        known = [Part("Redis", "danger", "gone", "Jobs start late and nobody signs in to the APIs with a password.")]
    else:
        known = [_alive("Worker", signs.get("worker"), "No jobs are run."), _embedder(signs.get("embedder"))]
    parts = [*known, _index()]
    return [*parts, *_events(signs)] if all_of_it else parts


def _alive(name: str, sign: heartbeat.Sign | None, price: str) -> Part:
    if sign is None:
        return Part(name, "danger", "not seen", price)
    if not sign.is_fresh:
        return Part(name, "danger", "silent", f"Last seen {age(sign.at)} ago. {price}")
    if sign.trouble:
        return Part(name, "danger", "in trouble", sign.trouble)
    return Part(name, "success", "alive", "")


def _embedder(sign: heartbeat.Sign | None) -> Part:
    return _alive("Embedder", sign, "New skills are not found by meaning.")


def _index() -> Part:
    waiting = without_vector(_MANY)
    if not waiting:
        return Part("Search index", "success", "complete", "")
    many = f"{waiting} or more" if waiting == _MANY else str(waiting)
    return Part(
        "Search index", "warning", "behind", f"{many} skills wait for their vector: words find them, meaning not yet."
    )


def _events(signs: dict[str, heartbeat.Sign] | None) -> list[Part]:
    lag = kafka_lag()
    if not lag.is_on:
        return [Part("Kafka", "info", "off", f"{lag.waiting} events wait in the outbox; nothing is lost.")]
    relay = [] if signs is None else [_alive("Relay", signs.get("relay"), "Events wait in the outbox.")]
    late = f"{lag.waiting} events wait, the oldest for {age(lag.oldest_at)}." if lag.waiting else ""
    state: Literal["success", "warning"] = "warning" if lag.waiting > _MANY else "success"
    parts = [*relay, Part("Kafka", state, "behind" if state == "warning" else "on time", late)]
    if lag.set_aside:
        parts.append(Part("Set aside", "danger", str(lag.set_aside), "Events that Kafka refuses; see the outbox."))
    return parts
