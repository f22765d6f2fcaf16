"""Search quality over real skills and judged queries: our search beside plain dense search, in one run.

    python -m bench.search_quality SKILLS.jsonl.gz QUERIES.jsonl [--keep]

Works in a database of its own, `<name>_search_quality` on the server of DATABASE_URL; `--keep` leaves it for the next
run, which then needs no embedding. A query has `relevant` skill names (none: nothing should be found) and a `kind`.
Labels are binary; what nobody judged counts as not relevant.
"""

import argparse
import gzip
import json
import math
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings

CLIENT = "bench"
CUT_OFF = 0.3
DEPTH = 10

# (name, similarity), best first.
Ranking = list[tuple[str, float]]
Search = Callable[[str], Ranking]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("skills", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    use_own_database()
    try:
        load(arguments.skills)
        queries = [json.loads(line) for line in arguments.queries.read_text().splitlines() if line.strip()]
        for title, search in (("dense: cosine of name + description + content", dense), ("hybrid: ours", hybrid)):
            report(title, queries, search)
    finally:
        if not arguments.keep:
            drop_own_database()


def use_own_database() -> None:
    from django.core.management import call_command

    name = f"{settings.DATABASES['default']['NAME']}_search_quality"
    with server() as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    settings.DATABASES["default"]["NAME"] = name
    call_command("migrate", verbosity=0)


def drop_own_database() -> None:
    from django.db import connections

    connections.close_all()
    with server() as connection:
        connection.execute(f'DROP DATABASE "{settings.DATABASES["default"]["NAME"]}"')


def server() -> psycopg.Connection[Any]:
    place = settings.DATABASES["default"]
    own = {
        "host": place.get("HOST"),
        "port": place.get("PORT"),
        "user": place.get("USER"),
        "password": place.get("PASSWORD"),
    }
    return psycopg.connect(dbname="postgres", autocommit=True, **{name: value for name, value in own.items() if value})


def load(path: Path) -> None:
    """Inserts the skills of the file that are not there yet, embeds what has no vector, and refreshes statistics."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Client
    from core.text import slugify
    from skills.models import Skill

    Client.objects.get_or_create(pk=CLIENT, defaults={"name": "Benchmark"})
    known = set(Skill.objects.filter(client_id=CLIENT).values_list("name", flat=True))
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["name"] not in known]
    for row in rows:
        row["body"] = row["body"].replace("\0", "")
    Skill.objects.bulk_create(
        Skill(
            client_id=CLIENT,
            name=row["name"],
            slug=slugify(row["name"]) if slugify(row["name"]) == row["name"] else f"{slugify(row['name'])}-{number}",
            description=row["description"],
            content=row["body"],
        )
        for number, row in enumerate(rows)
    )
    call_command("reembed_skills", client=CLIENT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE kaman_skills")


def dense(query: str) -> Ranking:
    from django.db.models import Value
    from pgvector.django import CosineDistance

    from inference import embedder
    from skills.models import Skill

    distance = CosineDistance("trigger_embedding", embedder.embed_query(query)) + Value(0.0)  # not by the index: exact
    nearest = Skill.objects.visible_to(CLIENT).active().annotate(distance=distance).order_by("distance", "pk")
    return [(name, 1 - far) for name, far in nearest.values_list("name", "distance")[:DEPTH]]


def hybrid(query: str) -> Ranking:
    from skills.models import Skill
    from skills.search import search_skills

    hits = search_skills(client_id=CLIENT, query=query, limit=DEPTH, min_similarity=0.0)
    names = dict(Skill.objects.filter(pk__in=[hit.skill_id for hit in hits]).values_list("pk", "name"))
    return [(names[hit.skill_id], hit.similarity) for hit in hits]


def report(title: str, queries: list[dict[str, Any]], search: Search) -> None:
    search("the first query loads the model")
    figures: dict[str, list[float]] = defaultdict(list)
    by_kind: dict[str, list[float]] = defaultdict(list)
    for query in queries:
        started = time.perf_counter()
        ranking = search(query["query"])
        figures["ms"].append((time.perf_counter() - started) * 1000)
        relevant = set(query["relevant"])
        kept = [item for item in ranking if item[1] >= CUT_OFF]
        if not relevant:
            figures["false positives"].append(float(bool(kept)))
            by_kind[query["kind"]].append(float(bool(kept)))
            continue
        by_kind[query["kind"]].append(ndcg(ranking, relevant))
        figures["nDCG@10"].append(ndcg(ranking, relevant))
        figures["nDCG@10 after the cut-off"].append(ndcg(kept, relevant))
        figures["recall@5"].append(len({name for name, _ in ranking[:5]} & relevant) / len(relevant))
        ranks = [rank for rank, (name, _) in enumerate(ranking, 1) if name in relevant]
        figures["MRR"].append(1 / ranks[0] if ranks else 0.0)
        figures["nothing relevant kept"].append(float(not relevant & {name for name, _ in kept}))
    times = sorted(figures.pop("ms"))
    print(f"\n{title}")
    for name, values in figures.items():
        print(f"  {name:28} {statistics.fmean(values):.3f}")
    print(f"  {'ms p50 / p95':28} {statistics.median(times):.1f} / {times[int(len(times) * 0.95)]:.1f}")
    print(
        "  by kind (null: false positives) " + "  ".join(f"{k} {statistics.fmean(v):.2f}" for k, v in by_kind.items())
    )


def ndcg(ranking: Ranking, relevant: set[str]) -> float:
    gain = sum(1 / math.log2(rank + 1) for rank, (name, _) in enumerate(ranking[:DEPTH], 1) if name in relevant)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(DEPTH, len(relevant)) + 1))


if __name__ == "__main__":
    main()
