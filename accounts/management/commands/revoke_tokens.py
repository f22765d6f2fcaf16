"""manage.py revoke_tokens USERNAME: ends every access token of a user."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actor import Actor
from accounts.models import User
from accounts.tokens import revoke_tokens_of


class Command(BaseCommand):
    help = "Ends every access token of a user. API keys and passwords stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user '{options['username']}'.")
        actor = Actor(user.client_id or "", "command", "admin", "command")
        self.stdout.write(f"{revoke_tokens_of(actor=actor, user=user)} tokens revoked.")
