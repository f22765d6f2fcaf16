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
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.own_database import own_database

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
    with own_database("search_quality", keep=arguments.keep):
        load(arguments.skills)
        queries = [json.loads(line) for line in arguments.queries.read_text().splitlines() if line.strip()]
        for title, search in SEARCHES.items():
            report(title, queries, search)


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


def noisy_or(query: str) -> Ranking:
    """The contract's score: 1 - (1 - cos)(1 - kw), kw from trigger keywords and the exact name alone."""
    return scored("1 - (1 - cos) * (1 - kw)", query)


def blend(query: str) -> Ranking:
    """The search guide's score: 0.7 cos + 0.3 of the query's words, weighted by rarity; the exact name as in §2.7."""
    return scored("greatest(CASE WHEN kw = 0.9 THEN kw ELSE 0 END, 0.7 * cos + 0.3 * covered)", query)


def scored(score: str, query: str) -> Ranking:
    """Every row scored by an SQL expression of `cos`, `kw` and `covered`."""
    from django.db import connection

    from core.text import slugify
    from inference import embedder

    statement = f"""
        WITH word AS MATERIALIZED (
            SELECT quote_literal(lexeme)::tsquery AS anywhere, (quote_literal(lexeme) || ':A')::tsquery AS in_name,
                   (quote_literal(lexeme) || ':B')::tsquery AS in_description,
                   ln(1 + (total - n + 0.5) / (n + 0.5)) AS idf
            FROM unnest(skill_lexemes(%(query)s)), (SELECT count(*) AS total FROM kaman_skills) AS _, LATERAL (
                SELECT count(*) AS n FROM kaman_skills WHERE search_words @@ quote_literal(lexeme)::tsquery) AS _n
        ), part AS MATERIALIZED (
            SELECT name, greatest(0, 1 - (trigger_embedding <=> %(vector)s::vector)) AS cos,
                   CASE WHEN lower(name) = lower(%(query)s) OR slug = %(slug)s THEN 0.9 ELSE 1 - 0.65 ^ (
                       SELECT count(*) FROM unnest(trigger_keywords) AS keyword
                       WHERE skill_lexemes(%(query)s) @@ phraseto_tsquery('english', keyword)) END AS kw,
                   (SELECT coalesce(sum(idf * CASE WHEN search_words @@ in_name THEN 1
                        WHEN search_words @@ in_description THEN 0.8 WHEN search_words @@ anywhere THEN 0.4 ELSE 0 END)
                        / nullif(sum(idf), 0), 0) FROM word) AS covered
            FROM kaman_skills
        )
        SELECT name, {score} AS score FROM part ORDER BY score DESC, name LIMIT {DEPTH}"""
    values = {"query": query, "slug": slugify(query), "vector": str(embedder.embed_query(query))}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(name, float(score)) for name, score in cursor.fetchall()]


def hybrid(query: str) -> Ranking:
    from skills.models import Skill
    from skills.search import search_skills

    hits = search_skills(client_id=CLIENT, query=query, limit=DEPTH, min_similarity=0.0)
    names = dict(Skill.objects.filter(pk__in=[hit.skill_id for hit in hits]).values_list("pk", "name"))
    return [(names[hit.skill_id], hit.similarity) for hit in hits]


SEARCHES: dict[str, Search] = {
    "dense: cosine of name + description + content": dense,
    "the contract's noisy-or (code-and-agent.md 2.7), exactly": noisy_or,
    "the search guide's blend: 0.7 cos + 0.3 words": blend,
    "hybrid: ours": hybrid,
}


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
