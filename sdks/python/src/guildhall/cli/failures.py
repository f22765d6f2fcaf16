"""How commands end: their exit codes, and one line for whatever goes wrong, with what to do next."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from guildhall.problems import GuildhallError

REFUSED = 1
USAGE = 2
NOT_SIGNED_IN = 3
NOT_FOUND = 4
UNREACHABLE = 5
WAITING = 6
INTERRUPTED = 130


@dataclass
class Failure(Exception):
    """Ends the command. `hint` says what to do about it."""

    message: str
    hint: str = ""
    code: int = REFUSED

    def __str__(self) -> str:
        return " ".join(part for part in (_sentence(self.message), self.hint) if part)


def failure_of(error: Exception, url: str) -> Failure:
    """What an error means to the person who typed the command."""
    match error:
        case Failure():
            return error
        case GuildhallError():
            return _refusal(error, url)
        case httpx.TransportError():
            hint = "Is it the right address, and does the server run? `guildhall doctor` looks further."
            return Failure(f"{url} cannot be reached: {str(error) or type(error).__name__}", hint, UNREACHABLE)
        case httpx.InvalidURL():
            return Failure(f"'{url}' is no address: {error}", "Sign in anew: guildhall login URL", USAGE)
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            return Failure(f"{where}{error.strerror or error}")
        case _:
            hint = (
                "Is the server of another version? `guildhall doctor` tells; GUILDHALL_DEBUG=1 shows where it happened."
            )
            return Failure(
                f"{url} answered what this program does not understand ({type(error).__name__}: {error})", hint
            )


def _refusal(error: GuildhallError, url: str) -> Failure:
    fields = "; ".join(f"{field.removeprefix('body.')}: {text}" for field, text in error.details)
    message = fields if error.message == "Validation error" and fields else error.message
    match error.status:
        case status if 300 <= status < 400:
            hint = "Sign in at the address it sends to, likely with https: guildhall login URL"
            return Failure(f"{url} sends elsewhere (status {status})", hint)
        case 401:
            return Failure(f"{url} does not accept your key: {message}", "Sign in: guildhall login", NOT_SIGNED_IN)
        case 403:
            return Failure(message, "Your key does not allow it: `guildhall whoami` shows what it does.")
        case 404:
            return Failure(message, "`guildhall list` and `guildhall jobs list` show what there is.", NOT_FOUND)
        case 429:
            return Failure(message, "Try again later.")
        case 502 | 503 | 504:
            return Failure(f"{url} cannot answer now: {message}", "Try again, or run `guildhall doctor`.", UNREACHABLE)
        case status if status >= 500:
            return Failure(f"{message} (status {status})", f"The server's log has it under {error.request_id}.")
    return Failure(message)


def _sentence(text: str) -> str:
    """One line, ended as a sentence."""
    line = " ".join(text.split())
    return line if line[-1:] in ".!?" else f"{line}."
