"""Which server, and by whose key: from the environment, or from what `guildhall login` wrote down."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import typer

from guildhall import Guildhall
from guildhall.cli.failures import NOT_SIGNED_IN, USAGE, Failure

DEFAULT_URL = "http://127.0.0.1:8000"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Account:
    """`key` is empty where nobody is signed in. `source` says where it comes from: `environment` or a file's path."""

    url: str
    key: str = ""
    source: str = ""

    @property
    def is_overheard(self) -> bool:
        """Whether the key travels where others may read it."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in _LOOPBACK


def credentials_path() -> Path:
    return Path(typer.get_app_dir("guildhall")) / "credentials.json"


def current() -> Account:
    """The environment wins. A key that was written down is sent to no address but its own."""
    kept = _kept()
    url = address(os.environ.get("GUILDHALL_URL") or kept.url)
    if key := os.environ.get("GUILDHALL_KEY", ""):
        return Account(url, checked_key(key), "environment")
    return kept if kept.key and kept.url == url else Account(url)


def connect() -> Guildhall:
    account = current()
    if not account.key:
        hint = "Sign in: guildhall login URL (or set GUILDHALL_URL and GUILDHALL_KEY)"
        raise Failure(f"You are not signed in to {account.url}", hint, NOT_SIGNED_IN)
    return Guildhall(account.url, account.key)


def keep(account: Account) -> Path:
    """Writes it down, readable for its owner alone."""
    path = credentials_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = path.with_suffix(f".{os.getpid()}")
    passing.unlink(missing_ok=True)
    with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"url": account.url, "key": account.key}, file, indent=1)
    passing.replace(path)
    return path


def forget() -> bool:
    """Whether there was something to forget."""
    path = credentials_path()
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def address(url: str) -> str:
    """The address as it is kept: with its scheme, without a slash at the end."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Failure(f"'{url}' is no address of a server", f"It looks like {DEFAULT_URL}", USAGE)
    return url.strip().rstrip("/")


def checked_key(key: str) -> str:
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise Failure("That is no key", "A key looks like kam_… and is one word", USAGE)
    return key


def _kept() -> Account:
    path = credentials_path()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Account(address(found["url"]), checked_key(found["key"]), str(path))
    except FileNotFoundError:
        return Account(DEFAULT_URL)
    except (ValueError, KeyError, TypeError, Failure):
        raise Failure(f"{path} cannot be read", "Sign in anew: guildhall logout, then guildhall login", USAGE) from None
