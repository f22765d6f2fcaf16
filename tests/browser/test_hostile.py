"""Stored attacks in every text stay text: every page of the desk and of the catalogue is visited, and nothing runs."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.admin.conftest import World
from tests.browser.hostile import LONG, plant_everything, spared

PAGES_OF_A_KIND = 12
LISTS_OF_A_KIND = 2
# No pages, or the same ones in another order.
LEFT_OUT = re.compile(r"/(logout|export|archive|files|jsi18n|autocomplete)\b|\.zip$|[?&](o|_facets|e)=")
# What an attack would have become, had anything taken it for HTML.
BECAME = """() => {
  const handlers = [...document.querySelectorAll("*")].filter((one) =>
    [...one.attributes].some((a) => a.name.startsWith("on") && a.value.includes("alert(")));
  const scripts = [...document.scripts].filter((one) => one.textContent.includes("alert("));
  const names = ["href", "src", "action", "formaction"];
  const addresses = [...document.querySelectorAll(names.map((name) => `[${name}]`).join())].filter((one) =>
    names.some((name) => /^\\s*(javascript|data):/i.test(one.getAttribute(name) || "")));
  const images = document.querySelectorAll("img[src=x]");
  return [...handlers, ...scripts, ...addresses, ...images].map((one) => one.outerHTML.slice(0, 200));
}"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((one) => one.href)"
OPEN_ALL = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"


def kind_of(address: str) -> str:
    """The page without ids and names: some pages of each kind are enough."""
    path = re.sub(
        r"[0-9a-f]{8}-[0-9a-f-]{27}|/\d+/|(?<=/skills/)[^/]+|(?<=/categories/).+", "*", urlsplit(address).path
    )
    return path + ("?" if urlsplit(address).query else "")


def visit_all(page: Page, start: list[str], *, below: str) -> dict[str, str]:
    """Visits the pages that lead on from `start`, some of each kind; what ran on them, by address."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    ahead = [f"{origin}{path}" for path in start]
    seen, kinds, ran = set(ahead), Counter[str](), {}
    while ahead:
        address = ahead.pop(0)
        answer = page.goto(address)
        assert answer, address
        assert answer.status == 200, (address, answer.status)
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        page.evaluate(OPEN_ALL)
        if became := page.evaluate(BECAME):
            ran[address] = str(became)
        for link in (re.sub(r"#.*|[?]_changelist_filters=.*", "", link) for link in page.evaluate(LINKS)):
            known = link in seen or not link.startswith(f"{origin}{below}") or LEFT_OUT.search(link)
            if not known and kinds[kind_of(link)] < (LISTS_OF_A_KIND if "?" in link else PAGES_OF_A_KIND):
                kinds[kind_of(link)] += 1
                seen.add(link)
                ahead.append(link)
    assert len(seen) > len(start), "no link was followed"
    return ran


@pytest.fixture
def planted(world: World, manager: User) -> None:
    plant_everything(manager)


def test_an_attack_stands_in_every_text(planted: None) -> None:
    assert spared() == []


def test_nothing_runs_at_the_desk(planted: None, operator: User, page: Page) -> None:
    page.goto("/admin/login/")
    assert visit_all(page, ["/admin/"], below="/admin/") == {}


def test_nothing_runs_in_the_catalogue(planted: None, page: Page) -> None:
    page.goto("/catalogue/")
    assert visit_all(page, ["/catalogue/", "/catalogue/marketplace/"], below="/catalogue/") == {}
    page.goto("/catalogue/")
    page.locator("#q").fill(LONG)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(BECAME) == []


def test_the_look_for_attacks_finds_them(page: Page, server: str, complaints: list[str]) -> None:
    page.goto("/admin/login/")
    page.set_content(f"<p>{LONG.replace('</textarea></title></pre></script>', '')}</p>")
    assert len(page.evaluate(BECAME)) >= 4
    assert [said for said in complaints if "inline" in said], "and the browser says what the policy has blocked"
    complaints.clear()
