"""Reads a job's stream: in one process over ASGI, with cuts; parses what comes as EventSource does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from config.asgi import application
from tests.config.asgi_client import Client
from tests.openapi.answers import check_answer


@dataclass
class Message:
    data: Any
    id: int | None = None

    @property
    def type(self) -> str:
        return self.data if isinstance(self.data, str) else self.data["type"]


def parse(body: bytes) -> list[Message]:
    """The whole messages of a body."""
    messages = []
    for block in body.decode().split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        assert set(fields) <= {"id", "data", "retry"}, "unnamed messages only"
        if "data" in fields:
            data = "[DONE]" if fields["data"] == "[DONE]" else json.loads(fields["data"])
            messages.append(Message(data, int(fields["id"]) if "id" in fields else None))
    return messages


def numbers(messages: list[Message]) -> list[int]:
    return [message.id for message in messages if message.id is not None]


def text_of(messages: list[Message]) -> str:
    """The streamed text as a viewer has it at the end."""
    text = ""
    for message in messages:
        if message.type == "token_stream":
            data = message.data["data"]
            assert data["chunk"] == message.data["message"]
            text = "" if data.get("reset") else text
            assert data["offset"] == len(text)
            text += data["chunk"]
    return text


@dataclass
class Viewer:
    """Somebody who watches a job; `cut` closes the connection, and watching again resumes where it was."""

    path: str
    headers: dict[str, str]
    messages: list[Message] = field(default_factory=list)

    @property
    def cursor(self) -> int:
        return max(numbers(self.messages), default=0)

    async def watch(self, *, cut_after: int | None = None) -> Client:
        """Until the stream ends, or until `cut_after` more numbered messages came."""
        headers = dict(self.headers)
        if self.messages:
            headers["last_event_id"] = str(self.cursor)
        client = Client("GET", self.path, **headers)
        seen, goal = len(self.messages), None if cut_after is None else len(numbers(self.messages)) + cut_after
        task = asyncio.create_task(client.call(application))
        while not client.reply.complete and not task.done():
            await asyncio.sleep(0.002)
            self.messages[seen:] = parse(client.reply.body)
            if goal is not None and len(numbers(self.messages)) >= goal:
                break
        self.messages[seen:] = parse(client.reply.body)
        client.disconnect()
        if client.reply.status == 200:
            told = client.reply.body.rpartition(b"\n\n")[0]
            check_answer("GET", self.path, 200, httpx.Headers(client.reply.headers), told)
        await asyncio.wait_for(task, 5)
        return client
