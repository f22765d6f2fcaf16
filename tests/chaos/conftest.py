"""A house for each test that asks for one; where the test fails, its report shows what the processes said last."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from pytest_django import Settings

from config.celery import app
from embedded.servers import passing_folder
from tests.chaos.house import House
from tests.live import database_url


@pytest.fixture
def house(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The test's database, and a Redis of its own that the test itself uses too."""
    with passing_folder() as folder:
        house = House(folder, database_url())
        house.redis.start()
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": house.redis_url}}
        layer = settings.CHANNEL_LAYERS["default"]
        settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "hosts": [house.redis_url]}}}
        monkeypatch.setattr(app.conf, "broker_url", house.broker_url)
        forget_broker()
        yield house
        forget_broker()
        house.redis.end()


def forget_broker() -> None:
    """Celery keeps its connections to the broker it first spoke to, whatever its settings say since."""
    app._after_fork()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    house = getattr(item, "funcargs", {}).get("house")
    if report.failed and isinstance(house, House):
        for log in sorted(house.logs.glob("*.log")):
            report.sections.append((f"the end of {log.name}", house.said(log.stem)))
    return report
