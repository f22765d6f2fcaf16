"""Embeds the skills that have no vector or one of another model; stopped half-way, it goes on from there."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import track

from core.errors import Unavailable
from inference import embedder
from skills import search
from skills.models import Skill

BATCH = 64


class Command(BaseCommand):
    help = "Embed skills whose vector is missing or of another model than GUILDHALL_EMBEDDING_MODEL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--client", help="only the skills of this tenant")
        parser.add_argument("--all", action="store_true", help="also those that have a vector of the present model")

    def handle(self, *args: Any, **options: Any) -> None:
        skills = Skill.objects.all() if options["all"] else search.pending_embeddings()
        if options["client"]:
            skills = skills.filter(client_id=options["client"])
        ids = list(skills.order_by("pk").values_list("pk", flat=True))
        batches = range(0, len(ids), BATCH)
        stored = 0
        try:
            for start in track(
                batches, f"Embedding {len(ids):,} skills", console=Console(stderr=True), disable=not ids
            ):
                stored += search.store_vectors(Skill.objects.filter(pk__in=ids[start : start + BATCH]))
        except Unavailable as error:
            raise CommandError(f"{error.message} Embedded so far: {stored:,} of {len(ids):,}.") from error
        self.stdout.write(f"Embedded {stored:,} of {len(ids):,} skills with {embedder.model_name()}.")
