"""The desk in a real Chromium, served by daphne as in production; skipped, and says why, where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, sync_playwright

from accounts.models import User
from tests.admin.conftest import World
from tests.live import daphne

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 20_000
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for all of them: they share the browser and the server. Said before pytest-xdist looks."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    """Gone with the package: Playwright keeps a loop in this thread, and tests of asyncio would stumble over it."""
    executable = next((path for name in NAMES if (path := shutil.which(name))), None)
    if executable is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    arguments = ["--disable-dev-shm-usage", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        # In a thread with a loop Django would refuse the tests their database.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        browser.close()


@pytest.fixture(scope="package")
def server(django_db_setup: None) -> Iterator[str]:
    """Daphne on the test database; its address."""
    with daphne(WEB_THREADS="2") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@pytest.fixture
def context(chromium: Chromium, server: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=server, viewport={"width": 1360, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors in scripts, and what the policy blocked. Must be empty at the end."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    page = context.new_page()
    listen(page, complaints)
    yield page
    assert not complaints, "\n".join(complaints)


def listen(page: Page, complaints: list[str]) -> None:
    def hear(message: ConsoleMessage) -> None:
        # A page that was answered with 4xx on purpose is logged as an error too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    def shut(dialog: Dialog) -> None:
        complaints.append(f"{page.url}: a dialog said {dialog.message!r}")
        dialog.dismiss()

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("dialog", shut)


@pytest.fixture
def enter(context: BrowserContext, server: str) -> Callable[[User], None]:
    """Makes the browser somebody's; signing in by hand has a test of its own."""

    def enter(user: User) -> None:
        signed_in = Browser()
        signed_in.force_login(user)
        value = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server}])

    return enter


@pytest.fixture
def manager(world: World, enter: Callable[[User], None]) -> User:
    """Jane, a manager of tenant 42, in whose name the browser is."""
    user = world.user("jane", "42", "manager", display_name="Jane Doe")
    enter(user)
    return user


@pytest.fixture
def operator(world: World, enter: Callable[[User], None]) -> User:
    user: User = world.user("olga", None, "user", is_superuser=True, display_name="Olga Operator")
    enter(user)
    return user


def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def attributes(page: Page, selector: str, name: str) -> list[Any]:
    return [one.get_attribute(name) for one in page.locator(selector).all()]
