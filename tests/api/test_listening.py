"""The hub of the streams: it hears again after a task of it has ended."""

from __future__ import annotations

import asyncio

import pytest
from channels.layers import get_channel_layer

from api.listening import Hub

pytestmark = pytest.mark.django_db


async def heard(hub: Hub, group: str) -> str:
    async with hub.listening(group) as messages:
        await get_channel_layer().group_send(group, {"type": "piece", "group": group, "text": "hello"})
        message = await asyncio.wait_for(messages.get(), 5)
    return str(message["text"])


def test_a_hub_hears_in_the_next_event_loop_too() -> None:
    hub = Hub(lambda groups: {})

    async def left_without_rest() -> None:
        context = hub.listening("job.first")
        await context.__aenter__()
        hub._listeners.clear()  # its loop ends here, and nobody could say good-bye

    asyncio.run(left_without_rest())
    assert hub._tasks
    assert asyncio.run(heard(hub, "job.second")) == "hello"


def test_a_hub_starts_anew_where_its_ear_has_died() -> None:
    hub = Hub(lambda groups: {})

    async def scenario() -> str:
        async with hub.listening("job.first"):
            for task in hub._tasks:
                task.cancel()
            await asyncio.sleep(0)
            said = await heard(hub, "job.second")
            assert hub._unheard == {"job.first"}, "the next query joins it again"
        return said

    assert asyncio.run(scenario()) == "hello"
