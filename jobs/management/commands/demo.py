"""The main job told as a story: ask for a skill, decide at each checkpoint, promote, find it, read it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

REQUEST = (
    "Create a skill for reviewing PostgreSQL schema migrations before a release: find statements that lock big tables, "
    "missing indexes on foreign keys and data loss, and propose a safe rollout"
)
CHANGE = "Add an example about adding a NOT NULL column to a large table"
QUERY = "check a database change before we release it"
DEMONSTRATION_KEY = "kam_your_api_key"
PATIENCE_SECONDS = 120
POLL_SECONDS = 0.15


class Command(BaseCommand):
    help = "Tells the main job as a story against a running instance in development mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="where Guildhall runs")
        parser.add_argument("--request", default=REQUEST, help="what the skill shall be about")

    def handle(self, *args: Any, url: str, request: str, **options: Any) -> None:
        console = Console()
        with httpx.Client(base_url=url, timeout=30) as http:
            try:
                Story(http, console).tell(request)
            except httpx.HTTPError as problem:
                raise CommandError(f"{url} did not answer as expected: {problem}") from problem


class Story:
    """One authoring job from the request to the found skill, over HTTP alone, as any client would do it."""

    def __init__(self, http: httpx.Client, console: Console) -> None:
        self.http = http
        self.console = console
        self.asked_for_change = False

    def tell(self, request: str) -> None:
        self.chapter("1", "A person asks for a skill")
        self.console.print(f"[italic]“{request}”[/]\n")
        flags = dict.fromkeys(("enable_hitl_confirm", "enable_hitl_preview", "enable_hitl_review"), True)
        job_id = self.post("/api/v1/skills", {"task_description": request, **flags})["job_id"]
        self.console.print(f"Job [cyan]{job_id}[/] is written down; a worker takes it.\n")

        self.chapter("2", "A durable job writes it, with people in the loop")
        self.follow(job_id)

        self.chapter("3", "The draft is promoted into the registry")
        promoted = self.post(f"/api/v1/drafts/{job_id}/promote", {"make_active": True})
        self.console.print(f"[green]{promoted['skill_id']}[/] now lives in [cyan]{promoted['taxonomy_path']}[/].\n")

        self.chapter("4", "Somebody else finds it by meaning")
        self.search(promoted["skill_id"])

        self.chapter("5", "And an agent loads it")
        skill = self.get(f"/api/v1/skills/{promoted['skill_id']}")
        body = skill["content"].split("---", 2)[-1]
        self.console.print(Panel(Markdown(body), title=f"{skill['skill_id']} {skill['metadata']['version']}"))

    def chapter(self, number: str, title: str) -> None:
        self.console.rule(f"[bold]{number}. {title}[/]", align="left")

    def follow(self, job_id: str) -> None:
        """Shows the job's progress and decides at each checkpoint, until it ends."""
        columns = (
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        with Progress(*columns, console=self.console) as bar:
            task = bar.add_task("waiting", total=100)
            for job in self.watch(job_id):
                bar.update(task, completed=job["progress"], description=job.get("progress_message") or job["status"])
                if job["status"] == "pending_hitl":
                    self.decide(job_id)
        if job["status"] != "completed":
            raise CommandError(f"The job ended as {job['status']}: {job.get('error')}")
        self.console.print()

    def watch(self, job_id: str) -> Iterator[dict[str, Any]]:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            job = self.get(f"/api/v1/jobs/{job_id}")
            yield job
            if job["status"] in ("completed", "failed", "cancelled"):
                return
            time.sleep(POLL_SECONDS)
        raise CommandError(f"The job did not end within {PATIENCE_SECONDS} s. Is a worker running?")

    def decide(self, job_id: str) -> None:
        prompt = self.get(f"/api/v1/hitl/{job_id}/prompt")
        if not prompt["has_prompt"]:
            return
        kind, data = prompt["prompt_type"], prompt["data"]
        if kind == "clarifying_questions":
            question = data["questions"][0]
            answer = (question.get("options") or ["As you think best"])[0]
            self.console.print(f"  [yellow]question[/]  {question['text']}  →  {answer}")
            self.respond(job_id, {"question_id": question["id"], "response": answer})
        elif kind == "preview" and not self.asked_for_change:
            self.asked_for_change = True
            self.console.print(f"  [yellow]preview[/]   asks for a change: “{CHANGE}”")
            self.respond(job_id, {"action": "refine", "feedback": CHANGE})
        else:
            self.console.print(f"  [yellow]{kind:9}[/] approved")
            self.respond(job_id, {"action": "proceed"})

    def respond(self, job_id: str, answer: dict[str, Any]) -> None:
        self.post(f"/api/v1/hitl/{job_id}/response", answer)

    def search(self, skill_id: str) -> None:
        self.console.print(f"[italic]“{QUERY}”[/]\n")
        headers = {"Authorization": f"Bearer {DEMONSTRATION_KEY}"}
        found = self.post("/agent/api/skills/search", {"query": QUERY, "limit": 3}, headers=headers)
        table = Table("similarity", "skill", "description")
        for hit in found:
            style = "green" if hit["slug"] == skill_id else ""
            table.add_row(f"{hit['similarity']:.2f}", hit["slug"], (hit["description"] or "")[:80], style=style)
        self.console.print(table)
        if skill_id not in [hit["slug"] for hit in found]:
            raise CommandError("The new skill was not among the first three hits.")
        self.console.print()

    def get(self, path: str) -> Any:
        return self.http.get(path).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        return self.http.post(path, json=body, headers=headers).raise_for_status().json()
