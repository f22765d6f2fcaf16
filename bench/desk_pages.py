"""How long the pages of the desk and the catalogue take with 100,000 skills and 20,000 jobs.

    python -m bench.desk_pages [--keep] [--only TEXT] [--slow]

Prints for each page the number of queries, the median and the worst server time of nine requests, the processor time of
Python in it (what others do on the machine changes it less), and the median as a multiple of what `/health` takes in
the same run. First as an operator, who sees all tenants, then as a manager of the largest one, t1, who sees half of it.
Exit code 1 where a median is above 300 ms. Works in a database of its own, `<name>_desk_pages` on the server of
DATABASE_URL, filled by desk_rows.sql; --keep leaves it for the next run, --only measures pages whose name has the text,
--slow prints the three slowest queries of each.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.own_database import own_database

ROUNDS = 9
LIMIT_MS = 300
ROWS = Path(__file__).with_name("desk_rows.sql")
LISTS = {
    "inbox": "/admin/jobs/prompt/",
    "inbox, page 5": "/admin/jobs/prompt/?p=5",
    "inbox, decided": "/admin/jobs/prompt/?state=decided",
    "inbox, all": "/admin/jobs/prompt/?state=all",
    "inbox, search": "/admin/jobs/prompt/?q=terraform+reports",
    "jobs": "/admin/jobs/job/",
    "jobs, page 100": "/admin/jobs/job/?p=100",
    "jobs, failed": "/admin/jobs/job/?state__exact=failed",
    "jobs, search": "/admin/jobs/job/?q=terraform+reports",
    "conversations": "/admin/conversations/session/",
    "conversations, search": "/admin/conversations/session/?q=user-77",
    "skills": "/admin/skills/skill/",
    "skills, page 100": "/admin/skills/skill/?p=100",
    "skills, by uses": "/admin/skills/skill/?o=-6",
    "skills, by name": "/admin/skills/skill/?o=1",
    "skills, search": "/admin/skills/skill/?q=terraform+reports",
    "skills, no hit": "/admin/skills/skill/?q=zebra",
    "skills, deprecated": "/admin/skills/skill/?status__exact=deprecated",
    "skills, category": "/admin/skills/skill/?category=data",
    "versions": "/admin/skills/skillversion/",
    "versions, search": "/admin/skills/skillversion/?q=terraform+reports",
    "taxonomy": "/admin/taxonomy/category/",
    "on offer": "/admin/marketplace/listing/",
    "on offer, search": "/admin/marketplace/listing/?q=terraform+reports",
    "installed": "/admin/marketplace/install/",
    "tenants": "/admin/accounts/client/",
    "users": "/admin/accounts/user/",
    "API keys": "/admin/accounts/apikey/",
    "access tokens": "/admin/accounts/accesstoken/",
    "audit log": "/admin/accounts/auditevent/",
    "audit log, page 9": "/admin/accounts/auditevent/?p=9",
    "audit log, publish": "/admin/accounts/auditevent/?action=publish",
    "audit log, search": "/admin/accounts/auditevent/?q=user-77",
    "outbox": "/admin/outbox/outboxevent/",
    "outbox, search": "/admin/outbox/outboxevent/?q=no-such-key",
}
CATALOGUE = {
    "catalogue": "/catalogue/",
    "catalogue, page 50": "/catalogue/?page=50",
    "catalogue, tag": "/catalogue/?tag=tag-7",
    "catalogue, search": "/catalogue/?q=review+terraform+reports",
    "catalogue, typing": "/catalogue/?q=terraf&fragment=1",
    "catalogue, branches": "/catalogue/categories/",
    "catalogue, category": "/catalogue/categories/data/",
    "marketplace": "/catalogue/marketplace/",
    "marketplace, search": "/catalogue/marketplace/?q=review+terraform+reports",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    parser.add_argument("--only", default="", metavar="TEXT", help="pages whose name has this text")
    parser.add_argument("--slow", action="store_true", help="print each page's slowest queries")
    arguments = parser.parse_args()
    with own_database("desk_pages", keep=arguments.keep):
        fill()
        pages = {name: url for name, url in all_pages().items() if arguments.only in name}
        late = sum([report(who, pages, slow=arguments.slow) for who in ("operator", "manager")])
    print(f"{late} pages took longer than {LIMIT_MS} ms" if late else f"all pages within {LIMIT_MS} ms")
    return 1 if late else 0


def fill() -> None:
    from django.db import connection

    from accounts.models import User

    if User.objects.filter(username="operator").exists():
        return
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(ROWS.read_text())
        cursor.execute("VACUUM ANALYZE")
    User.objects.create_superuser("operator", password="x")
    User.objects.create_user("manager", client_id="t1", role="admin", is_staff=True)
    print(f"filled in {time.perf_counter() - started:.0f} s")


def all_pages() -> dict[str, str]:
    """By name, the address: the lists, and the page of one row of each kind, all of them t1's or on offer to it."""
    from django.urls import reverse

    from accounts.models import ApiKey
    from conversations.models import Session
    from jobs.models import Job, Prompt
    from skills.models import Skill, SkillVersion

    skill = Skill.objects.filter(client_id="t1", status="active").latest("usage_count", "created_at")
    rows: dict[str, Any] = {
        "inbox, one": Prompt.objects.open().filter(client_id="t1").earliest("created_at"),
        "jobs, one": Job.objects.filter(client_id="t1", state="completed").latest("created_at"),
        "conversations, one": Session.objects.filter(client_id="t1").earliest("pk"),
        "skills, one": skill,
        "versions, one": SkillVersion.objects.filter(skill=skill).latest("created_at"),
        "API keys, one": ApiKey.objects.filter(client_id="t1").latest("created_at"),
    }
    change = {
        name: reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        for name, row in rows.items()
    }
    offer = Skill.objects.on_offer_to("t1").latest("created_at")
    readers = {
        "catalogue, skill": reverse("catalogue:skill", args=[skill.slug]),
        "marketplace, offer": reverse("catalogue:offer", args=[offer.pk]),
    }
    return {"dashboard": "/admin/"} | LISTS | change | CATALOGUE | readers


def report(who: str, pages: dict[str, str], *, slow: bool) -> int:
    """Prints the table of what `who` sees; how many pages are too slow."""
    from django.test import Client

    from accounts.models import User

    browser = Client()
    browser.force_login(User.objects.get(username=who))
    nothing, _, _ = times(lambda: browser.get("/health"))
    print(f"\n{who:24}{'queries':>9}{'median ms':>11}{'worst ms':>10}{'Python ms':>11}{'x /health':>11}")
    print(f"{'/health':24}{'':>9}{nothing:>11.1f}")
    late = 0
    for name, url in pages.items():
        if browser.get(url).status_code != 200:
            continue  # not theirs: the outbox is for operators, and those have no skills to read in the catalogue
        captured = queries_of(browser, url)
        median, worst, own = times(lambda url=url: browser.get(url))  # type: ignore[misc]
        verdict = "  TOO SLOW" if median > LIMIT_MS else ""
        print(f"{name:24}{len(captured):>9}{median:>11.0f}{worst:>10.0f}{own:>11.0f}{median / nothing:>11.1f}{verdict}")
        for query in sorted(captured, key=lambda one: -float(one["time"]))[: 3 * slow]:
            print(f"    {float(query['time']) * 1000:.0f} ms {query['sql'][:1000]}")
        late += median > LIMIT_MS
    return late


def queries_of(browser: Any, url: str) -> list[dict[str, str]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return captured.captured_queries


def times(request: Callable[[], object]) -> tuple[float, float, float]:
    """Milliseconds: median and worst of the clock, median of this process's own work."""
    taken, worked = [], []
    for _ in range(ROUNDS):
        started, busy = time.perf_counter(), time.process_time()
        request()
        taken.append((time.perf_counter() - started) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return statistics.median(taken), max(taken), statistics.median(worked)


if __name__ == "__main__":
    sys.exit(main())
