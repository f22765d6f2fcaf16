"""`manage.py doctor`: what is wrong, in plain words, and what to do about it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from operations.doctor import examine, verdict

_MARKS = {"success": "[green]✔[/]", "info": "[blue]i[/]", "warning": "[yellow]![/]", "danger": "[red]✘[/]"}
_SAID = {
    "fine": "Everything is well.",
    "warnings": "It works; look at the warnings.",
    "wrong": "Something is wrong. Begin at the top: the first finding may be the cause of the others.",
}


class Command(BaseCommand):
    help = "Tells what is wrong and what to do about it. Ends with 1 when something is wrong, with 0 otherwise."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for machines: a verdict and all findings")

    def handle(self, *args: Any, **options: Any) -> None:
        parts = examine()
        said = verdict(parts)
        if options["json"]:
            findings = [asdict(part) for part in parts]
            self.stdout.write(json.dumps({"verdict": said, "findings": findings}, indent=1))
        else:
            console = Console(file=self.stdout, highlight=False)  # type: ignore[arg-type]
            table = Table("", "what", "how it is", "what there is to know, and to do", box=None, pad_edge=False)
            for part in parts:
                told = "\n".join(filter(None, (part.detail, part.remedy and f"→ {part.remedy}")))
                table.add_row(_MARKS[part.state], part.name, part.word, told)
            console.print(table)
            console.print(f"\n{_SAID[said]}")
        if said == "wrong":
            sys.exit(1)
