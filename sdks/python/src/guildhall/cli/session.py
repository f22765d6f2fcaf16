"""Signing in and out."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated, Any

import typer

from guildhall import Guildhall
from guildhall.cli.account import DEFAULT_URL, Account, address, checked_key, connect, current, forget, keep
from guildhall.cli.failures import USAGE, Failure
from guildhall.cli.options import Json
from guildhall.cli.output import has_person, show_fields, show_json, tell
from guildhall.code.models import Credential

_PANEL = "Account"


def add_to(app: typer.Typer) -> None:
    for command in (login, logout, whoami):
        app.command(rich_help_panel=_PANEL)(command)


def login(
    url: Annotated[str, typer.Argument(metavar="[URL]", help="The server's address.")] = DEFAULT_URL,
    key_stdin: Annotated[bool, typer.Option("--key-stdin", help="Read the key from standard input.")] = False,
    json: Json = False,
) -> None:
    """Sign in with an API key, which is checked and then kept in a file that only you can read.

    The key is asked for, or read from a pipe; it is no option, for others would see it in the list of processes.

    ```
    guildhall login https://guildhall.example.com
    pass show guildhall | guildhall login https://guildhall.example.com --key-stdin
    ```
    """
    account = Account(address(url), _read_key(key_stdin))
    if account.is_overheard:
        tell(f"{account.url} is not encrypted: whoever carries the traffic can read your key.", "yellow")
    with Guildhall(account.url, account.key) as guildhall:
        credential = guildhall.whoami()
    path = keep(account)
    told = _told(account, credential) | {"source": str(path)}
    if json:
        show_json(told)
    else:
        tell(f"Signed in to {account.url} as {told['user']} of tenant {told['client_id']}. The key is in {path}.")


def _read_key(from_pipe: bool) -> str:
    if from_pipe:
        return checked_key(sys.stdin.readline())
    if not has_person():
        raise Failure("There is no terminal to ask for the key at", "Use --key-stdin, or set GUILDHALL_KEY", USAGE)
    return checked_key(getpass("API key (kam_…): "))


def logout() -> None:
    """Forget the key that `login` kept. The server is not asked: the key itself goes on being good."""
    tell("The key is forgotten." if forget() else "No key was kept.")


def whoami(json: Json = False) -> None:
    """Show whose key it is, and what it allows."""
    with connect() as guildhall:
        told = _told(current(), guildhall.whoami())
    if json:
        show_json(told)
    else:
        show_fields(told)


def _told(account: Account, credential: Credential) -> dict[str, Any]:
    return {
        "url": account.url,
        "user": credential.user,
        "client_id": credential.client_id,
        "role": str(credential.role),
        "scopes": [str(scope) for scope in credential.scopes],
        "expires_at": credential.expires_at,
        "source": account.source,
    }
