"""`manage.py import_skills PATH`: a folder tree, .zip, .tar.gz or .jsonl(.gz) of skills into a tenant."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from accounts.actor import Actor
from accounts.models import Client
from core.errors import DomainError
from skills.importing import ImportReport, Outcome, import_skills

_SHOWN_NOTES = 20
_COLUMNS = ("imported", "updated", "unchanged", "repaired", "refused")


class Command(BaseCommand):
    help = "Imports skills from a folder, a .zip, a .tar.gz or a .jsonl(.gz) of {name, description, body}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--client", default=settings.DEFAULT_CLIENT_ID, metavar="ID", help="the tenant")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write what became of each skill")

    def handle(self, *args: Any, path: Path, client: str, report: Path | None, **options: Any) -> None:
        if not Client.objects.filter(pk=client).exists():
            raise CommandError(f"There is no tenant '{client}'; name one with --client")
        actor = Actor(client_id=client, username="operator", role="admin", surface="command")
        started = perf_counter()
        try:
            result = self._import(actor, path)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        self._show(result, perf_counter() - started)
        if report:
            outcomes = [outcome.as_dict() for outcome in result.outcomes]
            document = {"source": str(path), "client": client, "counts": result.counts, "skills": outcomes}
            report.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if not result.counts.total() - result.counts["refused"]:
            raise CommandError(f"{path} holds no skill that could be read")

    def _import(self, actor: Actor, path: Path) -> ImportReport:
        columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Importing", total=None)

            def advance(outcome: Outcome) -> None:
                progress.advance(task)

            return import_skills(
                actor=actor,
                source=path,
                on_start=lambda total: progress.update(task, total=total),
                on_outcome=advance,
            )

    def _show(self, result: ImportReport, seconds: float) -> None:
        console = Console(file=self.stdout, soft_wrap=True)  # type: ignore[arg-type]
        counts = result.counts
        table = Table(title=f"{len(result.outcomes)} skills in {seconds:.1f} s")
        for status in _COLUMNS:
            table.add_column(status, justify="right")
        table.add_row(*(str(counts[status]) for status in _COLUMNS))
        console.print(table)
        told = [outcome for outcome in result.outcomes if outcome.notes]
        for outcome in told[:_SHOWN_NOTES]:
            line = f"{outcome.status:9} {outcome.source}: {'; '.join(outcome.notes)}"
            console.print(line, markup=False, highlight=False)
        if len(told) > _SHOWN_NOTES:
            console.print(f"... and {len(told) - _SHOWN_NOTES} more; --report FILE.json has them all")
