"""Recall of search inside one tenant, and in the marketplace, against comparing every row; and rows of others: none.

    python -m bench.tenant_recall SKILLS.jsonl.gz QUERIES.jsonl [--rows 100000] [--queries 60] [--keep]

100,000 rows in all, noisy copies of real skills and their embeddings, in tenants of 10, 100, 1,000, 50,000 and the
rest; a third is published. Each query is asked as every search is (the first 10, nothing cut off) and then with every
row of the scope compared and every word counted. Exit code 1 where recall is below 0.95, an answer is shorter than it
could be, or a row of another tenant appears. Works in a database of its own, `<name>_tenant_recall` on the server of
DATABASE_URL.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.own_database import own_database

TENANTS = {"tenant-10": 10, "tenant-100": 100, "tenant-1000": 1_000, "tenant-50000": 50_000}
OTHERS = "others"
REAL = 1_500
# Cosine about 0.87 to the real vector, as a reworded text has.
NOISE = 0.029
K = 10
LEAST = 0.95


@dataclass
class Measured:
    recalls: list[float] = field(default_factory=list)
    foreign: int = 0
    short: int = 0
    ms: list[float] = field(default_factory=list)
    exact_ms: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return statistics.fmean(self.recalls)

    @property
    def passes(self) -> bool:
        return self.recall >= LEAST and not self.foreign and not self.short


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("skills", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=60, dest="count")
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    arguments = parser.parse_args()
    with own_database("tenant_recall", keep=arguments.keep):
        load(arguments.skills, arguments.rows)
        lines = arguments.queries.read_text().splitlines()[: arguments.count]
        return report(arguments.rows, [json.loads(line)["query"] for line in lines])


# --- The rows --------------------------------------------------------------------------------------------------------


def load(path: Path, total: int) -> None:
    from django.db import connection

    from accounts.models import Client
    from skills.models import Skill

    if Skill.objects.count() == total:
        return
    for client_id in (*TENANTS, OTHERS):
        Client.objects.get_or_create(pk=client_id, defaults={"name": client_id})
    rows, vectors = real_skills(path)
    owners = [client_id for client_id, count in TENANTS.items() for _ in range(count)]
    owners += [OTHERS] * (total - len(owners))
    generator = np.random.default_rng(20)
    generator.shuffle(owners)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kaman_skills CASCADE; DROP INDEX idx_kaman_skills_embedding")
        columns = "client_id, name, slug, description, content, is_published, embedding_model, trigger_embedding"
        with cursor.copy(f"COPY kaman_skills ({columns}) FROM STDIN") as sink:
            for number, owner in enumerate(owners):
                source = number % len(rows)
                sink.write_row(row_of(number, owner, rows[source], noisy(vectors[source], generator)))
        started = time.perf_counter()
        cursor.execute(
            "SET maintenance_work_mem = '512MB'; CREATE INDEX idx_kaman_skills_embedding ON kaman_skills "
            "USING hnsw (trigger_embedding vector_cosine_ops) WITH (m = 16, ef_construction = 128)"
        )
        print(f"{total:,} rows; the index was built in {time.perf_counter() - started:.0f} s")
        cursor.execute("VACUUM ANALYZE kaman_skills")


def real_skills(path: Path) -> tuple[list[dict[str, Any]], Any]:
    from inference import embedder
    from skills.search import embedding_text

    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line.replace("\\u0000", "")) for line in itertools.islice(lines, REAL)]
    # The first part of a body is enough here, and takes a third of the time.
    texts = [embedding_text(row["name"], row["description"], row["body"])[:600] for row in rows]
    return rows, np.array(embedder.embed_documents(texts))


def noisy(vector: Any, generator: Any) -> str:
    moved = vector + generator.normal(0, NOISE, vector.shape)
    return "[" + ",".join(f"{x:.6f}" for x in moved / np.linalg.norm(moved)) + "]"


def row_of(number: int, owner: str, row: dict[str, Any], vector: str) -> tuple[Any, ...]:
    from inference import embedder

    published = number % 3 == 0
    name, slug = f"{row['name']} {number}"[:255], f"skill-{number}"
    return owner, name, slug, row["description"], row["body"][:300] or "-", published, embedder.model_name(), vector


# --- The figures -----------------------------------------------------------------------------------------------------


def report(total: int, queries: list[str]) -> int:
    from skills.models import Skill

    scopes = {client_id: Skill.objects.visible_to(client_id).active() for client_id in TENANTS}
    passed = True
    titles = ("rows", "recall@10", "foreign", "short", "ms p50", "exact ms", "ratio")
    print(f"{'scope':26}" + "".join(f"{name:>11}" for name in titles))
    for title, visible in [*scopes.items(), ("marketplace of tenant-10", Skill.objects.on_offer_to("tenant-10"))]:
        measured = measure(visible, queries)
        ms, exact_ms = statistics.median(measured.ms), statistics.median(measured.exact_ms)
        print(
            f"{title:26}{visible.count():>11,}{measured.recall:>11.3f}{measured.foreign:>11}{measured.short:>11}"
            f"{ms:>11.1f}{exact_ms:>11.1f}{exact_ms / ms:>11.1f}"
        )
        passed = passed and measured.passes
    print(f"{len(queries)} queries over {total:,} rows: {'passed' if passed else 'FAILED'}")
    return 0 if passed else 1


def measure(visible: Any, queries: list[str]) -> Measured:
    from skills import ranking, search

    measured, allowed = Measured(), set(visible.values_list("pk", flat=True))
    shortlist, exact_rows = ranking._SHORTLIST, search.EXACT_ROWS
    for query in queries:
        found, ms = timed(visible, query)
        # Every row of the scope, and the words of each.
        ranking._SHORTLIST, search.EXACT_ROWS = len(allowed), len(allowed)
        expected, exact_ms = timed(visible, query)
        ranking._SHORTLIST, search.EXACT_ROWS = shortlist, exact_rows
        measured.recalls.append(len(set(found) & set(expected)) / len(expected))
        measured.foreign += len(set(found) - allowed)
        measured.short += len(found) < min(K, len(allowed))
        measured.ms.append(ms)
        measured.exact_ms.append(exact_ms)
    return measured


def timed(visible: Any, query: str) -> tuple[list[Any], float]:
    from skills.search import search_among

    started = time.perf_counter()
    hits = search_among(visible, query=query, limit=K, min_similarity=0.0)
    return [hit.skill_id for hit in hits], (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
