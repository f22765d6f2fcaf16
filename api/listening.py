"""What one web process hears through the Channels layer, and the threads on which its streams read the database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from typing import Any, ParamSpec, TypeAlias, TypeVar

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import close_old_connections

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Message: TypeAlias = Mapping[str, Any]

# So long a message that Redis lost stays unheard.
REREAD_SECONDS = 10.0
_PATIENCE_SECONDS = 2.0

pool = ThreadPoolExecutor(settings.STREAM_THREADS, thread_name_prefix="stream")


async def on_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs what reads the database on one of a few threads, each with its lasting connection: streams hold none."""

    def call() -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(pool, copy_context().run, call)


class Hub:
    """Hands each message of a Channels group to all who listen to the group in this process.

    One channel serves the process, and one query every ten seconds asks for all groups whether something was missed:
    `newest` maps groups to the number of their newest event, which listeners get as `{"group", "seq"}`. While Redis is
    away that query is all there is.
    """

    def __init__(self, newest: Callable[[Collection[str]], Mapping[str, int]]) -> None:
        self._newest = newest
        self._listeners: dict[str, set[asyncio.Queue[Message]]] = {}
        self._unheard: set[str] = set()
        self._channel: str | None = None
        self._connecting = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def listening(self, group: str) -> AsyncIterator[asyncio.Queue[Message]]:
        """The messages of the group from now on."""
        queue: asyncio.Queue[Message] = asyncio.Queue()
        self._listeners.setdefault(group, set()).add(queue)
        try:
            self._wake()
            await self._join(group)
            yield queue
        finally:
            self._listeners[group].discard(queue)
            if not self._listeners[group]:
                del self._listeners[group]
                await self._leave(group)
            if not self._listeners:
                await self._rest()

    def _wake(self) -> None:
        """Starts the hub for the first listener, and anew where a task of it ended, as all do with their event loop."""
        if any(task.done() for task in self._tasks):
            for task in self._tasks:
                if not task.done() and task.get_loop() is asyncio.get_running_loop():
                    task.cancel()
            self._tasks, self._channel, self._connecting = [], None, asyncio.Lock()
            self._unheard.update(self._listeners)
        if not self._tasks:
            self._tasks.append(asyncio.create_task(self._watch()))

    async def _join(self, group: str) -> bool:
        """Subscribes to the group; where that fails it is tried again with the next query."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                layer = get_channel_layer()
                async with self._connecting:
                    if self._channel is None:
                        self._channel = await layer.new_channel()
                        self._tasks.append(asyncio.create_task(self._hear(layer, self._channel)))
                await layer.group_add(group, self._channel)
        except Exception as problem:
            logger.warning("streams cannot hear of %s (%s); they read every %g s", group, problem, REREAD_SECONDS)
            self._unheard.add(group)
            return False
        self._unheard.discard(group)
        return True

    async def _leave(self, group: str) -> None:
        self._unheard.discard(group)
        if self._channel is None:
            return
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await get_channel_layer().group_discard(group, self._channel)
        except Exception as problem:
            logger.warning("streams could not stop hearing of %s: %s", group, problem)

    async def _rest(self) -> None:
        """Nobody listens any more: no task and no subscription stays."""
        tasks, self._tasks, self._channel, self._connecting = self._tasks, [], None, asyncio.Lock()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self, layer: Any, channel: str) -> None:
        while True:
            self._hand_out(await layer.receive(channel))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(REREAD_SECONDS)
            try:
                for group in list(self._unheard):
                    if group in self._listeners and not await self._join(group):
                        break
                for group, seq in (await on_thread(self._newest, list(self._listeners))).items():
                    self._hand_out({"group": group, "seq": seq})
            except Exception:
                logger.exception("streams could not ask for what they missed")

    def _hand_out(self, message: Message) -> None:
        for queue in self._listeners.get(message["group"], ()):
            queue.put_nowait(message)
