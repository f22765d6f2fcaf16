"""`manage.py export_skills DIR`: a tenant's skills as folders, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from accounts.models import Client
from core.errors import DomainError
from skills.exporting import export_skills


class Command(BaseCommand):
    help = "Writes the skills of a tenant to an empty folder, each as a folder of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--client", default=settings.DEFAULT_CLIENT_ID, metavar="ID", help="the tenant")

    def handle(self, *args: Any, folder: Path, client: str, **options: Any) -> None:
        if not Client.objects.filter(pk=client).exists():
            raise CommandError(f"There is no tenant '{client}'; name one with --client")
        try:
            with Progress(console=Console(stderr=True), transient=True) as progress:
                task = progress.add_task("Exporting", total=None)
                report = export_skills(
                    client_id=client,
                    target=folder,
                    on_start=lambda total: progress.update(task, total=total),
                    on_skill=lambda skill: progress.advance(task),
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror or error}") from error
        self.stdout.write(f"{report.skills} skills, {report.files} files, {report.bytes} bytes in {folder}")
