"""manage.py restore_skill ID --client 42: brings a deleted skill back, with its versions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actor import Actor
from core.errors import DomainError
from skills.models import DeletedSkill
from skills.versioning import restore_skill


class Command(BaseCommand):
    help = "Brings the skill that was last deleted at this id back, with its versions and files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="the skill's id (slug)")
        parser.add_argument("--client", required=True, help="the tenant whose skill it was")

    def handle(self, *args: Any, **options: Any) -> None:
        client_id, slug = options["client"], options["id"]
        deleted = DeletedSkill.objects.filter(client_id=client_id, slug=slug).first()
        if deleted is None:
            raise CommandError(f"No skill '{slug}' of tenant {client_id} was deleted.")
        try:
            skill = restore_skill(actor=Actor(client_id, "command", "admin", "command"), deleted=deleted)
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"Restored '{skill.slug}' at version {skill.semver}.")
