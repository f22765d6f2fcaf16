"""Speaks ASGI to an application directly: sends requests in any number of pieces, records what comes back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Reply:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[bytes] = field(default_factory=list)
    complete: bool = False

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One request. `pieces` are its body; `disconnect()` is the client going away."""

    def __init__(self, method: str, path: str, pieces: tuple[bytes, ...] = (b"",), **headers: str) -> None:
        path, _, query = path.partition("?")
        self.scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"testserver")]
            + [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 80),
        }
        self.reply = Reply()
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for number, piece in enumerate(pieces, 1):
            self.inbox.put_nowait({"type": "http.request", "body": piece, "more_body": number < len(pieces)})

    def disconnect(self) -> None:
        self.inbox.put_nowait({"type": "http.disconnect"})

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert not self.reply.status, "two answers to one request"
            self.reply.status = message["status"]
            self.reply.headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            assert self.reply.status, "a body before its headers"
            assert not self.reply.complete, "a body after the end"
            self.reply.chunks.append(message["body"])
            self.reply.complete = not message.get("more_body", False)

    async def call(self, application: Any) -> Reply:
        await application(self.scope, self.inbox.get, self.send)
        return self.reply


def call(application: Any, method: str, path: str, *pieces: bytes, **headers: str) -> Reply:
    return asyncio.run(Client(method, path, pieces or (b"",), **headers).call(application))
