"""Prepares the embedding model if needed, runs it and says how fast it is; ends with an error when it cannot run."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Unavailable
from inference import embedder


class Command(BaseCommand):
    help = "Prepare and try the embedding model."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        try:
            embedder.embed_query("a first query loads the model")
            loaded = time.perf_counter()
            embedder.embed_query("a second query shows its speed")
        except Unavailable as error:
            raise CommandError(error.message) from error
        ended = time.perf_counter()
        load, query = loaded - started, (ended - loaded) * 1000
        self.stdout.write(f"{embedder.model_name()}: loaded in {load:.1f} s, a query takes {query:.1f} ms")
