"""manage.py issue_api_key USERNAME --name NAME: prints a new API key, this once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actor import RANK, SCOPES, Actor
from accounts.models import User
from accounts.services import issue_api_key
from core.errors import DomainError


class Command(BaseCommand):
    help = "Issues an API key. Standard output is the key and nothing else; it is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="what the key is for")
        parser.add_argument("--role", choices=list(RANK), help="the user's own if left out")
        parser.add_argument("--scopes", help=f"comma-separated, of {', '.join(SCOPES)}; all if left out")
        parser.add_argument("--days", type=float, help="how long it lives; until it is revoked if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user '{options['username']}'.")
        if options["days"] is not None and not 0 < options["days"] <= 36_500:
            raise CommandError("--days must be above 0 and at most 36500.")
        scopes = options["scopes"]
        try:
            key, raw = issue_api_key(
                actor=Actor(user.client_id or "", "command", "admin", "command"),
                user=user,
                name=options["name"][:100],
                role=options["role"],
                scopes=[name.strip() for name in scopes.split(",")] if scopes is not None else None,
                expires_at=timezone.now() + timedelta(days=options["days"]) if options["days"] else None,
            )
        except DomainError as problem:
            raise CommandError(problem.message) from None
        until = f" until {key.expires_at:%Y-%m-%d %H:%M} UTC" if key.expires_at else ""
        self.stderr.write(f"For {user.username}: {key.role}, {', '.join(key.scopes)}{until}. Shown this once:")
        self.stdout.write(raw)
