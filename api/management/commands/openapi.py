"""manage.py openapi: writes the OpenAPI documents into docs/openapi, or checks that they are what the code says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Write the OpenAPI documents into docs/openapi."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail where a document is not current")
        parser.add_argument("--folder", type=Path, help="another folder than docs/openapi")

    def handle(self, *args: Any, check: bool, folder: Path | None, **options: Any) -> None:
        from api.schema import documents

        stale = []
        for name, text in documents.rendered().items():
            path = (folder or documents.folder()) / name
            if path.exists() and path.read_text() == text:
                continue
            stale.append(name)
            if not check:
                path.write_text(text)
        if check and stale:
            raise CommandError(f"not what the code says: {', '.join(stale)}; run `make openapi` and look at the diff")
        self.stdout.write(f"written: {', '.join(stale)}" if stale else "All documents are current.")
