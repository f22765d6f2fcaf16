"""A mock cluster for each test, in a process that can be frozen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class MockKafka:
    servers: str
    process: subprocess.Popen[str]


@pytest.fixture
def cluster(settings: Settings) -> Iterator[MockKafka]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.mock_kafka"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout
        settings.KAFKA_BOOTSTRAP_SERVERS = process.stdout.readline().strip()
        try:
            yield MockKafka(settings.KAFKA_BOOTSTRAP_SERVERS, process)
        finally:
            process.kill()


@pytest.fixture
def kafka(cluster: MockKafka) -> str:
    return cluster.servers
