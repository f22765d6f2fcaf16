"""manage.py expire_api_key KEY --days N | --never: says when a live key ends, while people change to its successor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actor import Actor
from accounts.services import expire_api_key, name_api_key
from core.errors import DomainError


class Command(BaseCommand):
    help = "Says when a live API key ends. To change a key, issue a new one and give the old one a few days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="its id, or what it begins with (see list_api_keys)")
        end = parser.add_mutually_exclusive_group(required=True)
        end.add_argument("--days", type=float, help="from now on, above 0")
        end.add_argument("--never", action="store_true", help="it lives until it is revoked")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if days is not None and not 0 < days <= 36_500:
            raise CommandError("--days must be above 0 and at most 36500; revoke_api_key ends a key at once.")
        moment = None if options["never"] else timezone.now() + timedelta(days=days)
        try:
            key = name_api_key(options["key"])
            expire_api_key(actor=Actor(key.client_id, "command", "admin", "command"), key=key, expires_at=moment)
        except DomainError as problem:
            raise CommandError(problem.message) from None
        until = f"ends on {moment:%Y-%m-%d at %H:%M} UTC" if moment else "has no end"
        self.stdout.write(f"The key {key} of {key.user.username} {until}.")
