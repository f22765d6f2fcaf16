"""`manage.py restore DIR --database NAME`: a backup into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from operations.backup import restore


class Command(BaseCommand):
    help = "Restores a backup into an existing, empty database of the same server, and compares it with the manifest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--database", required=True, metavar="NAME", help="an empty database (createdb NAME)")

    def handle(self, *args: Any, folder: Path, database: str, **options: Any) -> None:
        try:
            manifest = restore(folder, database=database)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(manifest.tables)} tables, {manifest.rows} rows restored into '{database}' and equal")
        self.stdout.write("Point DATABASE_URL at it and start Guildhall; its jobs go on where the backup saw them.")
