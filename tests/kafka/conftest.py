"""One broker for all tests of this folder; without its packages they are skipped (`make test-kafka`)."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.kafka.broker import CLASSPATH_VARIABLE, Broker


@pytest.fixture(scope="session")
def running_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    if not os.environ.get(CLASSPATH_VARIABLE):
        pytest.skip("needs a real Apache Kafka broker: run `make test-kafka`")
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def broker(running_broker: Broker, settings: Settings) -> Broker:
    settings.KAFKA_BOOTSTRAP_SERVERS = running_broker.servers
    return running_broker
