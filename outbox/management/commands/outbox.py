"""What waits in the outbox, what was set aside, and the way back for it."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actor import Actor
from core.errors import DomainError
from outbox.models import OutboxEvent
from outbox.services import backlog, requeue


class Command(BaseCommand):
    help = "Tells as JSON what waits to be sent to Kafka; lists or requeues the events that were set aside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--set-aside", action="store_true", help="list what was set aside, a line of JSON each")
        parser.add_argument("--requeue", nargs="+", type=int, metavar="ID", help="send these once more")
        parser.add_argument(
            "--even-if-overtaken", action="store_true", help="also where a later event of the subject has been sent"
        )

    def handle(
        self, *args: Any, set_aside: bool, requeue: list[int] | None, even_if_overtaken: bool, **options: Any
    ) -> None:
        if requeue:
            self._requeue(requeue, even_if_overtaken)
        elif set_aside:
            rows = OutboxEvent.objects.set_aside().order_by("id")
            for row in rows.values("id", "event_id", "topic", "key", "set_aside_at", "last_error").iterator():
                self.stdout.write(orjson.dumps(row).decode())
        else:
            now = backlog()
            facts = {
                "kafka": bool(settings.KAFKA_BOOTSTRAP_SERVERS),
                "waiting": now.waiting,
                "oldest_seconds": round(now.oldest_seconds, 1),
                "set_aside": now.set_aside,
            }
            self.stdout.write(orjson.dumps(facts).decode())

    def _requeue(self, pks: list[int], even_if_overtaken: bool) -> None:
        actor = Actor(client_id=settings.SYSTEM_CLIENT_ID, username="manage.py", role="admin", surface="command")
        refusals = []
        for pk in pks:
            try:
                requeue(actor=actor, event_pk=pk, even_if_overtaken=even_if_overtaken)
                self.stdout.write(f"{pk} waits to be sent")
            except DomainError as problem:
                refusals.append(f"{pk}: {problem.message}")
        if refusals:
            raise CommandError("\n".join(refusals))
