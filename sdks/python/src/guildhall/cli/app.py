"""The program: its commands together, and how it ends."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from guildhall.cli import doctor, exchange, inbox, jobs, marketplace, session, skills
from guildhall.cli.account import DEFAULT_URL, current
from guildhall.cli.doctor import release
from guildhall.cli.failures import INTERRUPTED, Failure, failure_of
from guildhall.cli.output import out, tell

_HELP = """The registry and workshop for the skills of AI agents.

Sign in once, then have a skill written and put it where your agents look:

```
guildhall login http://127.0.0.1:8000
guildhall create "Review database migrations before a release"
guildhall install review-database-migrations --to ~/.claude/skills
```

In a pipe tables are tab-separated lines without titles; `--json` prints one JSON document and nothing else.
What is said beside the output goes to standard error.

Exit codes: 0 done; 1 refused or failed; 2 wrong usage; 3 not signed in; 4 not found; 5 server unreachable;
6 the job waits for a person; 130 interrupted.

Environment: `GUILDHALL_URL` and `GUILDHALL_KEY` go before what `login` stored; `GUILDHALL_SKILLS_DIR` is where
`install` writes; `NO_COLOR` takes the colours away.
"""


class Ending(TyperGroup):
    """Whatever goes wrong ends the program with one line and its code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, BrokenPipeError):
            raise
        except (KeyboardInterrupt, EOFError, typer.Abort):
            tell("Interrupted.")
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if hasattr(error, "exit_code") or os.environ.get("GUILDHALL_DEBUG"):
                raise  # Wrong usage, which the library tells; or somebody wants the traceback.
            failure = failure_of(error, _url())
            tell(f"guildhall: {failure}", "red")
            raise typer.Exit(failure.code) from None


def _url() -> str:
    try:
        return current().url
    except Failure:
        return os.environ.get("GUILDHALL_URL") or DEFAULT_URL


app = typer.Typer(
    name="guildhall",
    cls=Ending,
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        out.print(f"guildhall {release()}")
        raise typer.Exit


@app.callback()
def _program(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


session.add_to(app)
skills.add_to(app)
jobs.add_to(app)
inbox.add_to(app)
exchange.add_to(app)
marketplace.add_to(app)
doctor.add_to(app)


def main() -> None:
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        # What is piped may be kept: the same bytes on every system.
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    app(prog_name="guildhall")
