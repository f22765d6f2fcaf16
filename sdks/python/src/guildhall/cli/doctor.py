"""What is wrong between here and the server."""

from __future__ import annotations

import os
import platform
import stat
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpx
import typer

from guildhall import Guildhall, GuildhallError
from guildhall.cli.account import Account, credentials_path, current
from guildhall.cli.failures import NOT_SIGNED_IN, REFUSED, UNREACHABLE
from guildhall.cli.options import Json
from guildhall.cli.output import show_json, show_table

_CLOCK_SECONDS: Final = 60
_TIMEOUT_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Finding:
    """`state` is ok, warning or wrong; `code` is how the program ends because of it."""

    check: str
    state: str
    told: str
    mend: str = ""
    code: int = 0


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Account")(doctor)


def doctor(json: Json = False) -> None:
    """Look at what could be wrong: the address, the server, your key, the clocks, the versions.

    Ends with the code of the first thing that is wrong.
    """
    account = current()
    findings = [*_about_here(account), *_about_server(account)]
    if json:
        show_json({"url": account.url, "findings": [asdict(one) for one in findings]})
    else:
        rows = [asdict(one) for one in findings]
        show_table(rows, {"check": "Check", "state": "State", "told": "Found", "mend": "What to do"}, empty="")
    raise typer.Exit(next((one.code for one in findings if one.code), 0))


def release() -> str:
    """The version of this program."""
    try:
        return version("guildhall-sdk")
    except PackageNotFoundError:
        return "from the source tree"


def _about_here(account: Account) -> Iterator[Finding]:
    yield Finding("client", "ok", f"guildhall {release()}, Python {platform.python_version()}")
    path = credentials_path()
    if path.exists() and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("credentials", "warning", f"others can read {path}", f"chmod 600 {path}")
    if account.is_overheard:
        yield Finding("encryption", "warning", "the key travels unencrypted", "use an https:// address")
    if not account.key:
        yield Finding("key", "wrong", "nobody is signed in", "guildhall login URL", NOT_SIGNED_IN)


def _about_server(account: Account) -> Iterator[Finding]:
    with httpx.Client(base_url=account.url, timeout=_TIMEOUT_SECONDS) as http:
        started = time.monotonic()
        try:
            alive = http.get("/healthz")
            milliseconds = (time.monotonic() - started) * 1000
            ready = http.get("/readyz")
        except httpx.TransportError as error:
            yield Finding("server", "wrong", f"{account.url}: {error}", "check the address and the server", UNREACHABLE)
            return
    answer = _object(alive)
    if not alive.is_success or "version" not in answer:
        told = f"{account.url} answers {alive.status_code}, and not as Guildhall does"
        yield Finding("server", "wrong", told, "check the address", UNREACHABLE)
        return
    yield Finding("server", "ok", f"{account.url} answers in {milliseconds:.0f} ms")
    yield Finding("server version", "ok", str(answer["version"]))
    yield _readiness(_object(ready))
    yield _clock(alive.headers.get("Date", ""))
    if account.key:
        yield _key(account)


def _object(response: httpx.Response) -> dict[str, object]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _readiness(answer: dict[str, object]) -> Finding:
    status, checks = str(answer.get("status", "unknown")), answer.get("checks")
    words = ", ".join(f"{name}: {word}" for name, word in checks.items()) if isinstance(checks, dict) else ""
    if status == "ready":
        return Finding("readiness", "ok", words)
    mend = "tell whoever runs it: manage.py doctor"
    if status == "degraded":
        return Finding("readiness", "warning", f"degraded; {words}", mend)
    return Finding("readiness", "wrong", f"{status}; {words}", mend, REFUSED)


def _clock(date: str) -> Finding:
    try:
        apart = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except ValueError:
        return Finding("clock", "warning", "the server does not tell the time")
    if abs(apart) > _CLOCK_SECONDS:
        told = f"{abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} the server"
        return Finding("clock", "warning", told, "set this machine's clock, or the server's")
    return Finding("clock", "ok", f"less than {_CLOCK_SECONDS} s apart")


def _key(account: Account) -> Finding:
    try:
        with Guildhall(account.url, account.key, timeout=_TIMEOUT_SECONDS) as guildhall:
            who = guildhall.whoami()
    except GuildhallError as refusal:
        return Finding("key", "wrong", f"{refusal.message} (from {account.source})", "guildhall login", NOT_SIGNED_IN)
    except httpx.TransportError as error:
        return Finding("key", "wrong", str(error), "try again", UNREACHABLE)
    scopes = ", ".join(str(one) for one in who.scopes)
    return Finding(
        "key", "ok", f"{who.user} of tenant {who.client_id}, {who.role}, may {scopes} (from {account.source})"
    )
