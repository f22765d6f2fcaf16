"""Makes the demonstration data of development mode."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Forbidden
from skills.seeding import seed_development


class Command(BaseCommand):
    help = "Makes the demonstration tenants, keys, categories and shared skills (development mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seed_development()
        except Forbidden as problem:
            raise CommandError(problem.message) from problem
        self.stdout.write("The demonstration data are in place.")
