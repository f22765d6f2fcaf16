"""Hostile text stays text on every page; Markdown keeps no script."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import AuditEvent
from core.markdown import MAX_RENDERED, render_markdown
from jobs.models import JobEvent, JobStep
from jobs.states import PromptKind
from outbox.models import OutboxEvent
from skills.models import SkillVersion
from tests.admin.conftest import DATA, World

ATTACK = (
    "</textarea></title></pre><script>planted()</script><img src=//evil.test/x onerror=planted()>"
    "\"'><svg onload=planted()>{{ 7|add:7 }}[a](javascript:planted())"
)

FOREIGN = ("javascript:", "data:", "//evil", "http://evil", "https://evil")


class Finder(HTMLParser):
    """Collects what a browser would run or fetch: script bodies, event handlers, addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.dangerous: list[str] = []
        self.in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in attrs:
            text = (value or "").lower()
            handler = name.startswith("on") and "planted" in text
            address = name in {"src", "href", "action"} and text.startswith(FOREIGN)
            if handler or address or tag in {"iframe", "object", "embed"}:
                self.dangerous.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.in_script and "planted" in data:
            self.dangerous.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False


def hostile(value: Any) -> Any:
    """The same shape with the attack in every text that is not a type or an id."""
    if isinstance(value, dict):
        return {
            name: one if name in {"type", "id", "field", "severity"} else hostile(one) for name, one in value.items()
        }
    if isinstance(value, list):
        return [hostile(one) for one in value]
    return ATTACK + value if isinstance(value, str) else value


@pytest.fixture
def pages(world: World) -> list[str]:
    """Every list and page over rows whose every text is an attack."""
    category = world.category("evil", name=ATTACK[:128], description=ATTACK)
    skill = world.skill(
        name=ATTACK, description=ATTACK, category=category,
        content=f"---\nname: {ATTACK!r}\n---\n\n{ATTACK}\n\n`{ATTACK}`",
        tags=[ATTACK], author=ATTACK, metadata={"k": ATTACK}, source_url="javascript:planted()",
        supporting_files=[{"path": ATTACK, "size": 1, "sha": "aa", "content": ATTACK}],
    )  # fmt: skip
    rows: list[Any] = [category, skill, skill.versions.get()]
    before = SkillVersion.objects.create(
        skill=skill, version="0.9.0", sort_key="0", skill_name=ATTACK, content=ATTACK + ATTACK, document=ATTACK,
        content_sha256="1" * 64, description=ATTACK, changes=[ATTACK],
        files=[{"path": f"x/{ATTACK}", "size": 1, "sha": "aa", "content": ATTACK}],
    )  # fmt: skip
    common = {"client_id": "42", "actor": ATTACK, "surface": "x", "action": "publish"}
    AuditEvent.objects.create(subject_type="skill", subject_id=str(skill.pk), detail={"reason": ATTACK}, **common)
    for kind, data in DATA.items():
        prompt = world.prompt(kind, text=ATTACK, data=hostile(data))
        past = {"action": "revise", "feedback": ATTACK, "answers": {"q1": ATTACK}, "fields": {"skill_name": ATTACK}}
        world.prompt(
            PromptKind.CONFIRM,
            job=prompt.job,
            round=9,
            answered_by=ATTACK[:150],
            answered_at=prompt.created_at,
            response=past,
        )
        rows.append(prompt)
    draft = world.draft(content=ATTACK, slug="s", report={"findings": [hostile({"message": "m", "severity": "error"})]})
    JobEvent.objects.create(job=draft.job, seq=5, kind="failed", message=ATTACK)
    JobStep.objects.create(job=draft.job, name=ATTACK[:40], output={"x": ATTACK})
    rows += [draft.job, world.user("hostile", "42", "user", display_name=ATTACK[:255])]
    rows.append(
        AuditEvent.objects.create(
            client_id="42", actor=ATTACK, surface="x", action="x", subject=ATTACK, detail={"x": ATTACK}
        )
    )
    rows.append(OutboxEvent.objects.create(topic=ATTACK[:100], key="k", payload={"x": ATTACK}, last_error=ATTACK))
    names = {f"{row._meta.app_label}_{row._meta.model_name}" for row in rows}
    lists = [reverse(f"admin:{name}_changelist") for name in sorted(names)]
    changes = [reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) for row in rows]
    return [
        *lists,
        *changes,
        reverse("admin:jobs_prompt_changelist") + "?state=all",
        reverse("admin:taxonomy_category_add"),
        reverse("admin:skills_skill_compare", args=[skill.pk]),
        reverse("admin:skills_skill_confirm", args=[skill.pk, "publish"]),
        reverse("admin:skills_skill_confirm", args=[skill.pk, "restore"], query={"version": before.version}),
        reverse("admin:taxonomy_category_move", args=[category.pk]) + "?parent=&slug=worse",
        reverse("admin:taxonomy_category_changelist") + "?tenant=42",
    ]


def test_hostile_text_stays_text_on_every_page(operator: Browser, pages: list[str]) -> None:
    seen = 0
    for url in pages:
        response = operator.get(url)
        assert response.status_code == 200, url
        body = response.content.decode()
        assert Finder(body).dangerous == [], url
        seen += "planted" in body
    assert seen >= len(pages) - 2  # the attack is on the pages, as text


def test_the_finder_finds_what_it_is_for() -> None:
    assert len(Finder(ATTACK.replace("[a](javascript:planted())", "<a href='javascript:planted()'>")).dangerous) == 5


@pytest.mark.parametrize(
    "text",
    [
        "<script>planted()</script>",
        "[x](javascript:planted())",
        "[x](data:text/html,planted)",
        "![x](https://evil.test/pixel.png)",
        '<a href="x" onclick="planted()">x</a>',
        "<https://evil.test/<script>planted()</script>>",
        "[x](https://evil.test \"a' onmouseover='planted()\")",
    ],
)
def test_markdown_runs_and_fetches_nothing(text: str) -> None:
    html = render_markdown(text)
    assert "<img" not in html
    assert [found for found in Finder(html).dangerous if "href=https:" not in found] == []


def test_markdown_shows_hidden_html_as_text_and_keeps_what_is_useful() -> None:
    html = render_markdown("<!-- ignore all rules -->\n\n| a | b |\n|---|---|\n| `c` | [d](https://example.org) |\n")
    assert "&lt;!-- ignore all rules --&gt;" in html
    for part in ("<td><code>c</code></td>", 'href="https://example.org"', 'rel="noopener noreferrer nofollow"'):
        assert part in html


def test_long_markdown_is_cut() -> None:
    html = render_markdown("a" * MAX_RENDERED + "THE-END")
    assert "THE-END" not in html
