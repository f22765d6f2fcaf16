"""Pictures of the main pages, on a database filled with real skills and with jobs that were really run.

    python -m bench.screenshots SKILLS.jsonl.gz QUERIES.jsonl FOLDER [--keep] [--only TEXT]

Each page for desktop and phone, light and dark, as FOLDER/<page>-<look>.webp. Needs Chromium and the embedding model.
Works in a database of its own, `<name>_screenshots` on the server of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import gzip
import io
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from bench.own_database import own_database

SKILLS, JOBS, USES = 120, 20, 900
REQUESTS = Path(__file__).parent.parent / "tests" / "jobs" / "requests.json"
DESKTOP, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
LOOKS = {
    "desktop": (DESKTOP, "light"),
    "desktop-dark": (DESKTOP, "dark"),
    "phone": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("skills", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    parser.add_argument("--only", default="", metavar="TEXT", help="pictures whose name has this text")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with own_database("screenshots", keep=arguments.keep):
        from core import heartbeat

        fill(arguments.skills, arguments.queries)
        for part in ("worker", "relay", "embedder"):
            heartbeat.beat(part)
        with serving() as address:
            take(address, arguments.folder, arguments.only)
    return 0


# --- A tenant at work ------------------------------------------------------------------------------------------------


def fill(skills: Path, queries: Path) -> None:
    from accounts.actor import Actor
    from accounts.models import Client, User
    from accounts.services import issue_api_key
    from marketplace.services import publish_skill
    from skills.importing import import_skills
    from skills.models import Skill
    from taxonomy.services import load_default_tree

    if User.objects.filter(username="maria").exists():
        return
    chance = random.Random(7)  # the same pictures each time
    client = Client.objects.create(pk="acme", name="Acme Engineering")
    people = [
        User.objects.create_user(name, client=client, role=role, is_staff=True, display_name=shown)
        for name, shown, role in (
            ("maria", "Maria Keller", "admin"), ("tom", "Tom Okafor", "manager"), ("lin", "Lin Zhao", "user"),
        )
    ]  # fmt: skip
    maria, tom, _ = (Actor.for_user(person, "admin") for person in people)
    load_default_tree(actor=maria)
    with gzip.open(skills, "rt") as lines, tempfile.NamedTemporaryFile("w", suffix=".jsonl") as some:
        some.writelines(itertools.islice(lines, SKILLS))
        some.flush()
        import_skills(actor=tom, source=Path(some.name))
    place(list(Skill.objects.all()))
    spread(chance)
    for skill in Skill.objects.order_by("slug")[:14]:
        publish_skill(actor=tom, skill_id=skill.pk, acknowledged=True)
    for name, person in (("build server", people[1]), ("editor of Lin", people[2])):
        issue_api_key(actor=maria, user=person, name=name)
    work([Actor.for_user(person, "fleet") for person in people], chance)
    use(tom, chance)
    ask(queries)


def place(skills: list[Any]) -> None:
    """Each skill where its meaning fits best, as a job would place it."""
    from jobs.steps.placement import _leaves, _ranked
    from skills.models import Skill
    from taxonomy.models import Category

    categories = list(Category.objects.all())
    by_path = {category.path: category for category in categories}
    for skill in skills:
        ranked = _ranked(f"{skill.name}. {skill.description}", _leaves(categories))
        Skill.objects.filter(pk=skill.pk).update(category=by_path[ranked[0][0]])


def spread(chance: random.Random) -> None:
    """As if they had been made in the course of two weeks."""
    from skills.models import Skill

    for skill in Skill.objects.only("created_at"):
        made = skill.created_at - timedelta(hours=chance.uniform(0, 320))
        Skill.objects.filter(pk=skill.pk).update(created_at=made, updated_at=made)


def work(people: list[Any], chance: random.Random) -> None:
    """Jobs of two weeks: most are decided and promoted, some wait for somebody."""
    from django.db import connection
    from django.utils import timezone

    from jobs import runner, services, tasks
    from jobs.models import Job, Prompt
    from jobs.states import State

    tasks.run_job.apply_async = lambda *args, **options: None
    for number, one in enumerate(json.loads(REQUESTS.read_text())[:JOBS]):
        owner = people[number % 3]
        wish = {"task_description": one["request"], "confirm": True, "preview": number % 2 == 0, "review": True}
        job = services.start_job(actor=owner, request=wish)
        stops = number % 4 if number >= JOBS - 8 else 9
        for _ in range(12):
            runner.run_job(job.pk)
            prompt = Prompt.objects.open().filter(job=job).first()
            if prompt is None or stops <= 0:
                break
            decide(people[1], prompt)
            stops -= 1
        job.refresh_from_db()
        if job.state == State.COMPLETED and number % 5:
            services.promote_draft(actor=people[1], job_id=job.pk, force=True, acknowledged=True)
        back = timedelta(hours=chance.uniform(0, 300) if job.is_finished else chance.uniform(0.1, 5))
        for table, columns in (
            ("job", "created_at updated_at finished_at"),
            ("hitl_prompt", "created_at deadline_at answered_at"),
            ("job_event", "at"),
        ):
            moved = ", ".join(f"{column} = {column} - %(back)s" for column in columns.split())
            key = "id" if table == "job" else "job_id"
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {moved} WHERE {key} = %(job)s", {"back": back, "job": job.pk})
    Prompt.objects.open().update(deadline_at=timezone.now() + timedelta(hours=5))
    assert Job.objects.filter(state=State.PENDING_HITL).exists()


def decide(actor: Any, prompt: Any) -> None:
    from jobs.services import answer_prompt
    from jobs.states import Action, PromptKind

    if prompt.kind == PromptKind.CLARIFYING_QUESTIONS:
        for question in prompt.data["questions"]:
            answer = question["options"][0] if question.get("options") else "As the team does it today."
            answer_prompt(
                actor=actor, job_id=prompt.job_id, prompt_id=prompt.pk, action=Action.ANSWER,
                answers={question["id"]: answer},
            )  # fmt: skip
        return
    answer_prompt(actor=actor, job_id=prompt.job_id, prompt_id=prompt.pk, action=Action.PROCEED)


def use(actor: Any, chance: random.Random) -> None:
    from django.utils import timezone

    from analytics.services import record_usage
    from skills.models import Skill

    slugs = list(Skill.objects.active().order_by("slug").values_list("slug", flat=True))
    now = timezone.now()
    events = [
        {
            "skill_id": slugs[min(int(chance.expovariate(0.08)), len(slugs) - 1)],
            "user_id": chance.choice(["maria", "tom", "lin"]),
            "success": chance.random() < 0.93,
            "timestamp": (now - timedelta(hours=chance.uniform(0, 24 * 14))).isoformat(),
        }
        for _ in range(USES)
    ]
    record_usage(actor=actor, events=events)


def ask(queries: Path) -> None:
    from skills.models import Skill
    from skills.search import OWN_CUT_OFF, search_among
    from skills.searches import record_search

    mine = Skill.objects.visible_to("acme").active()
    known = set(mine.values_list("slug", flat=True))
    lines = [json.loads(line) for line in queries.read_text().splitlines()]
    for query in [line["query"] for line in lines if known & set(line["relevant"])] + [lines[0]["query"]]:
        hits = search_among(mine, query=query, limit=10, min_similarity=OWN_CUT_OFF)
        record_search(client_id="acme", query=query, hits=hits)


# --- The pictures ----------------------------------------------------------------------------------------------------


def pages() -> dict[str, str]:
    from django.urls import reverse

    from jobs.models import Job, Prompt
    from jobs.states import State
    from skills.models import Skill

    open_ones = Prompt.objects.open()
    review = open_ones.filter(kind__in=["review", "preview"]).first() or open_ones.first()
    job = Job.objects.filter(state=State.COMPLETED).latest("created_at")
    skill = Skill.objects.active().latest("usage_count")
    return {
        "dashboard": reverse("admin:index"),
        "inbox": reverse("admin:jobs_prompt_changelist"),
        "decision": reverse("admin:jobs_prompt_change", args=[review.pk]),
        "jobs": reverse("admin:jobs_job_changelist"),
        "job": reverse("admin:jobs_job_change", args=[job.pk]),
        "skills": reverse("admin:skills_skill_changelist"),
        "skill": reverse("admin:skills_skill_change", args=[skill.pk]),
        "taxonomy": reverse("admin:taxonomy_category_changelist"),
        "audit": reverse("admin:accounts_auditevent_changelist"),
        "keys": reverse("admin:accounts_apikey_changelist"),
        "search": reverse("catalogue:home") + "?q=review+a+pull+request",
        "catalogue-skill": reverse("catalogue:skill", args=[skill.slug]),
    }


@contextmanager
def serving() -> Iterator[str]:
    from tests.live import daphne

    with daphne(WEB_THREADS="2") as port:
        yield f"http://127.0.0.1:{port}"


def take(address: str, folder: Path, only: str) -> None:
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    signed_in = Client()
    signed_in.force_login(User.objects.get(username="maria"))
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": signed_in.cookies[name].value, "url": address}
    todo = {page: url for page, url in pages().items() if only in page}
    arguments = ["--disable-dev-shm-usage", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        for look, (size, scheme) in LOOKS.items():
            context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            context.add_cookies([cookie])  # type: ignore[list-item]
            tab = context.new_page()
            for page, url in todo.items():
                tab.goto(url, wait_until="load", timeout=60_000)
                tab.wait_for_timeout(1_000)
                picture = Image.open(io.BytesIO(tab.screenshot()))
                picture.save(folder / f"{page}-{look}.webp", quality=82, method=6)
            context.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
