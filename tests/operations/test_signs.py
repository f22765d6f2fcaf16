"""The signs of life that processes really give, as /readyz tells them."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.operations.processes import Instance, instance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.xdist_group("processes")]


def checks(house: Instance) -> dict[str, str]:
    found: dict[str, str] = httpx.get(f"{house.url}/readyz", timeout=10).json()["checks"]
    return found


def test_each_process_is_seen_when_it_runs_and_not_before(tmp_path: Path) -> None:
    house = instance(tmp_path, 13)
    with house.web():
        assert checks(house)["beat"] == "not seen"
        with house.beat():
            house.wait_for("beat", lambda: checks(house)["beat"] == "alive")
            assert checks(house)["worker"] == "not seen", "beat alone runs nothing"
            with house.worker():
                house.wait_for("worker", lambda: checks(house)["worker"] == checks(house)["embedder"] == "alive")
                told = httpx.get(f"{house.url}/readyz", timeout=10)
                assert (told.status_code, told.json()["status"]) == (200, "ready")
