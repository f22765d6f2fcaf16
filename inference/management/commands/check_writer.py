"""Says in one screen whether the configured writer works, and what an authoring run would cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from core.errors import Failed, Unavailable
from inference.llm import provider, structured
from inference.llm.asking import Ask, ask
from inference.llm.clock import time_budget
from inference.llm.prompts import FOLDER, Prompt, prompt
from inference.llm.provider import STEPS
from inference.writer import get_writer

# What a run without questions or feedback sends and gets, beyond the prompts themselves: judged from skills of about
# 1,200 words. A step's model is asked once.
_MATERIAL_TOKENS = {"understand": 150, "intent": 450, "plan": 800, "write": 1_400}
_ANSWER_TOKENS = {"understand": 450, "intent": 250, "plan": 400, "write": 2_500}
_CHARACTERS_PER_TOKEN = 4
_MAX_TOKENS = 2_000
_SECONDS = 60
_PROBE = Prompt(
    name="check",
    version=1,
    variables=frozenset(),
    system="You answer exactly as asked.",
    user="Name the capital of France and how many letters its name has.",
)


class Capital(BaseModel):
    name: str
    letters: int


class Command(BaseCommand):
    help = "Try the configured writer: does it answer, keep a form and stream, and what would a run cost?"

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=self.stdout, width=100, highlight=False)  # type: ignore[arg-type]
        writer = get_writer()
        if not writer.spends_tokens:
            console.print(f"Writer: {writer.name}. Rules write; no model is called and nothing costs anything.")
            console.print(
                "To bring a model set GUILDHALL_LLM_MODEL (and GUILDHALL_LLM_BASE_URL, GUILDHALL_LLM_API_KEY)."
            )
            return
        console.print(_facts())
        table = Table("Check", "Result", "Seconds", title="The provider", title_justify="left")
        passed = [
            _row(table, name, check)
            for name, check in (("answers", _answers), ("keeps a form", _keeps_a_form), ("streams", _streams))
        ]
        console.print(table)
        console.print(_price())
        if not all(passed):
            raise CommandError("The writer does not work as configured.")


def _facts() -> Table:
    table = Table(show_header=False, title="The writer", title_justify="left")
    address = urlsplit(settings.LLM_BASE_URL)
    table.add_row("Server", f"{address.scheme}://{address.hostname}{f':{address.port}' if address.port else ''}")
    table.add_row("Key", "set" if settings.LLM_API_KEY else "none")
    for model in dict.fromkeys(provider.model_for(step) for step in STEPS):
        table.add_row("Model", f"{model}: {', '.join(step for step in STEPS if provider.model_for(step) == model)}")
    table.add_row("When it fails", "rules write" if settings.LLM_FALLBACK == "offline" else "the job waits or fails")
    budget = settings.MONTHLY_TOKENS
    table.add_row("Monthly budget", f"{budget:,} tokens a tenant" if budget else "none")
    return table


def _row(table: Table, name: str, check: Callable[[], str]) -> bool:
    started = time.monotonic()
    try:
        with time_budget(_SECONDS):
            result, passed = f"[green]yes[/]: {check()}", True
    except (Unavailable, Failed) as problem:
        result, passed = f"[red]no[/]: {problem.message}", False
    table.add_row(name, result, f"{time.monotonic() - started:.1f}")
    return passed


def _question() -> Ask:
    return Ask("write", _PROBE.name, _PROBE.version, _PROBE.messages({}), max_tokens=_MAX_TOKENS)


def _answers() -> str:
    told = ask(_question()).usage
    return (
        f"{told.prompt_tokens} tokens in, {told.completion_tokens} out"
        if told
        else "it tells no usage; tokens are estimated"
    )


def _keeps_a_form() -> str:
    _, mode = structured.answer("understand", _PROBE, {}, Capital, max_tokens=_MAX_TOKENS)
    words = {
        "json_schema": "JSON schema mode",
        "json_object": "JSON mode, checked by us",
        "text": "asked in words, checked by us",
    }
    return words[mode]


def _streams() -> str:
    times: list[float] = []
    started = time.monotonic()
    ask(_question(), lambda: lambda piece: times.append(time.monotonic() - started))
    if len(times) < 2:
        return "in one piece"
    return f"{len(times)} pieces, the first after {times[0]:.2f} s"


def _price() -> str:
    total_in = total_out = 0
    cost, unpriced = 0.0, set[str]()
    for step in STEPS:
        if step not in _ANSWER_TOKENS or not (FOLDER / f"{step}.md").exists():
            continue
        made = prompt(step)
        sent = len(made.system + made.user) // _CHARACTERS_PER_TOKEN + _MATERIAL_TOKENS[step]
        total_in, total_out = total_in + sent, total_out + _ANSWER_TOKENS[step]
        price = provider.cost(provider.model_for(step), sent, _ANSWER_TOKENS[step])
        if price is None:
            unpriced.add(provider.model_for(step))
        else:
            cost += float(price)
    about = f"A minimal authoring run: 4 calls, about {total_in:,} tokens in and {total_out:,} out"
    if unpriced:
        return f"{about}. No price is known for {', '.join(sorted(unpriced))}: set GUILDHALL_LLM_PRICES."
    return f"{about}, about ${cost:.4f}. Each round of feedback or quality adds one call."
