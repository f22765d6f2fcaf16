"""Gives a tenant the default category tree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.actor import Actor
from taxonomy.services import load_default_tree


class Command(BaseCommand):
    help = "Adds the default categories that are missing: to the shared tree, or to a tenant's own with --client."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", default=settings.SYSTEM_CLIENT_ID, help="the tenant's id (default: shared)")

    def handle(self, *args: Any, client: str, **options: Any) -> None:
        actor = Actor(client_id=client, username="command", role="admin", surface="command")
        self.stdout.write(f"{load_default_tree(actor=actor)} categories added.")
