"""What a scrape of /metrics costs on a database in use: python -m bench.scrape [--jobs 30000]

The jobs are spread over 60 days, with 14 steps and 4 calls of a writer each; 100,000 events are published, 10,000 wait.
Works in a database of its own, `<name>_scrape` on the server of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import statistics
import time

from bench.own_database import own_database

DAYS, STEPS, CALLS, PUBLISHED, WAITING = 60, 14, 4, 100_000, 10_000
FILL = f"""
INSERT INTO client (id, name, is_system, created_at) VALUES ('42', '42', false, now()) ON CONFLICT DO NOTHING;
INSERT INTO job (id, client_id, owner, type, request, plan, position, round, state, progress, phase, message,
                 error_code, error, writer, next_seq, fence, crashes, retries, created_at, updated_at, finished_at)
SELECT gen_random_uuid(), '42', 'jane', 'skill_creation', '{{}}', '{{a}}', 0, 1, 'completed', 100, '', '',
       '', '', '', 1, 0, 0, 0, at, at, at
  FROM generate_series(1, %(jobs)s) AS n, LATERAL (SELECT now() - n * interval '{DAYS} days' / %(jobs)s AS at);
INSERT INTO job_step (job_id, name, round, output, duration_ms, created_at)
SELECT id, 'step-' || n, 1, jsonb_build_object('text', repeat('a word of it ', 40)), 10 * n, created_at
  FROM job, generate_series(1, {STEPS}) AS n ORDER BY created_at;
INSERT INTO writer_call (client_id, job_id, step, round, purpose, writer, model, prompt, prompt_version, input_tokens,
                         output_tokens, is_estimated, cost, duration_ms, outcome, created_at)
SELECT '42', id, 'plan', 1, 'plan', 'model', 'm-1', 'plan', 1, 1000, 500, false, 0.01, 900, 'ok', created_at
  FROM job, generate_series(1, {CALLS}) AS n ORDER BY created_at;
INSERT INTO outbox_event (event_id, topic, key, payload, headers, created_at, published_at, attempts, last_error)
SELECT gen_random_uuid(), 'extension_saved', n::text, '{{}}', '{{}}', now(),
       CASE WHEN n <= {PUBLISHED} THEN now() END, 0, ''
  FROM generate_series(1, {PUBLISHED + WAITING}) AS n;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=30_000)
    jobs = parser.parse_args().jobs
    with own_database("scrape"):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from operations.figures import read

        with connection.cursor() as cursor:
            for statement in FILL.split(";\n"):
                if statement.strip():
                    cursor.execute(statement, {"jobs": jobs})
            cursor.execute("VACUUM (ANALYZE) job, job_step, writer_call, outbox_event")
        with CaptureQueriesContext(connection) as captured:
            list(read())
        times = []
        for _ in range(20):
            began = time.perf_counter()
            list(read())
            times.append((time.perf_counter() - began) * 1000)
        print(f"{jobs} jobs, {jobs * STEPS} steps, {jobs * CALLS} calls, {PUBLISHED + WAITING} events")
        print(f"{len(captured)} queries, {statistics.median(times):.1f} ms (median of {len(times)})")
        for query in sorted(captured.captured_queries, key=lambda one: -float(one["time"]))[:3]:
            print(f"  {float(query['time']) * 1000:.0f} ms  {query['sql'][:100]}")


if __name__ == "__main__":
    main()
