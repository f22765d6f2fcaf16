"""manage.py revoke_api_key KEY: ends a key at once, and the tokens it bought with it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actor import Actor
from accounts.services import name_api_key, revoke_api_key
from core.errors import DomainError


class Command(BaseCommand):
    help = "Ends an API key at once, and the access tokens it bought with it. This cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="its id, or what it begins with (see list_api_keys)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = name_api_key(options["key"])
            revoke_api_key(actor=Actor(key.client_id, "command", "admin", "command"), key=key)
        except DomainError as problem:
            raise CommandError(problem.message) from None
        self.stdout.write(f"The key {key} of {key.user.username} is revoked.")
