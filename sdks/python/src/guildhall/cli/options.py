"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias
from uuid import UUID

import typer

Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]
Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="The skill's address (slug) or its id.")]
JobId: TypeAlias = Annotated[UUID, typer.Argument(metavar="JOB", help="The job's id.")]
Force: TypeAlias = Annotated[bool, typer.Option("--force", help="Replace a skill's folder that says something else.")]
Limit: TypeAlias = Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="At most so many.")]
Acknowledge: TypeAlias = Annotated[
    bool, typer.Option("--acknowledge-findings", help="You have read what the content check found, and accept it.")
]
Target: TypeAlias = Annotated[
    Path,
    typer.Option("--to", metavar="DIR", envvar="GUILDHALL_SKILLS_DIR", help="Where skills are kept, one folder each."),
]
