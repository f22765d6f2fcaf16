"""A worker must notice that Redis came back, also when it was busy while Redis was away."""

from __future__ import annotations

from collections import OrderedDict
from types import SimpleNamespace

import pytest
from kombu.transport import redis

from config.broker import QoS
from config.celery import app


class Away:
    """A Redis that answers nothing."""

    def __enter__(self) -> Away:
        return self

    def __exit__(self, *_: object) -> None: ...

    def pipeline(self) -> Away:
        return self

    def zrem(self, *_: object) -> Away:
        return self

    hdel = zrem

    def execute(self) -> None:
        raise ConnectionError("Redis is away")


def busy(kind: type[redis.QoS]) -> redis.QoS:
    """The count of a worker with one process, which has a message in its hands when Redis goes away."""
    channel = SimpleNamespace(
        conn_or_acquire=lambda client=None: Away(), unacked_key="unacked", unacked_index_key="index", do_restore=False
    )
    count = kind(channel, prefetch_count=1)
    count._delivered = OrderedDict({"tag": object()})
    count._delivered.restored = True
    return count


@pytest.mark.parametrize("done", ["ack", "reject"])
def test_a_place_becomes_free_though_redis_is_away(done: str) -> None:
    count = busy(QoS)
    assert not count.can_consume()
    with pytest.raises(ConnectionError):
        getattr(count, done)("tag")
    assert count.can_consume()


def test_kombu_alone_would_keep_it() -> None:
    """The control: once this fails, config/broker.py can go."""
    count = busy(redis.QoS)
    with pytest.raises(ConnectionError):
        count.ack("tag")
    assert not count.can_consume()


def test_our_workers_count_so() -> None:
    with app.connection_for_read() as connection:
        assert connection.transport.Channel.QoS is QoS
