"""librdkafka's mock cluster in a process of its own, `python -m tests.outbox.mock_kafka`: it prints host:port."""

from __future__ import annotations

import sys

from confluent_kafka import Producer


def main() -> None:
    cluster = Producer({"bootstrap.servers": "mock", "test.mock.num.brokers": 1})
    broker = next(iter(cluster.list_topics(timeout=30).brokers.values()))
    sys.stdout.write(f"{broker.host}:{broker.port}\n")
    sys.stdout.flush()
    sys.stdin.read()  # until whoever started it is gone


if __name__ == "__main__":
    main()
