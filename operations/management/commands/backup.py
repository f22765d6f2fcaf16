"""`manage.py backup DIR`: a consistent backup while everything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from operations.backup import back_up


class Command(BaseCommand):
    help = "Writes a backup of the whole database to a new folder, with a manifest to verify it by."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = back_up(folder)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror or error}") from error
        self.stdout.write(f"{len(manifest.tables)} tables, {manifest.rows} rows in {folder}")
        self.stdout.write(f"Check it with: manage.py verify_backup {folder}")
