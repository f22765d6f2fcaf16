"""`manage.py verify_backup DIR`: proves that a backup can be restored, by doing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from operations.backup import verify


class Command(BaseCommand):
    help = "Restores a backup into a passing database and compares every table and sequence with its manifest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = verify(folder)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{folder} is whole: {len(manifest.tables)} tables, {manifest.rows} rows restored and equal")
