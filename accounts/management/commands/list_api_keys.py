"""manage.py list_api_keys: which API keys there are. Their text is nowhere."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.models import ApiKey

_COLUMNS = ("id", "prefix", "tenant", "user", "role", "scopes", "state", "created", "last_used", "expires", "name")


class Command(BaseCommand):
    help = "Lists the live API keys, the newest last, as a table or as one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="of this tenant alone")
        parser.add_argument("--user", help="of this user name alone")
        parser.add_argument("--all", action="store_true", help="also those that are revoked or expired")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {"client_id": options["tenant"], "user__username": options["user"]}
        keys = ApiKey.objects.all() if options["all"] else ApiKey.objects.live()
        keys = keys.filter(**{name: value for name, value in wanted.items() if value}).select_related("user")
        rows = [_row(key) for key in keys.order_by("created_at", "id")]
        if options["json"]:
            self.stdout.write("".join(json.dumps(row) + "\n" for row in rows), ending="")
            return
        lines = [_COLUMNS, *(tuple(row[name] or "-" for name in _COLUMNS) for row in rows)]
        widths = [max(len(line[number]) for line in lines) for number in range(len(_COLUMNS))]
        for line in lines:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _row(key: ApiKey) -> dict[str, str | None]:
    return {
        "id": str(key.pk),
        "prefix": key.prefix,
        "tenant": key.client_id,
        "user": key.user.username,
        "role": key.granted_role,
        "scopes": ",".join(key.scopes),
        "state": key.state,
        "created": _minute(key.created_at),
        "last_used": _minute(key.last_used_at),
        "expires": _minute(key.expires_at),
        "name": key.name,
    }


def _minute(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment else None
