"""A scripted provider: a local server that speaks the OpenAI-compatible chat API as a test says, faults included.

    with provider() as model:
        model.script(Say('{"a": 1'), Fail(429, {"Retry-After": "1"}), Say("Hello", pieces=5, drip=0.1))

Replies are used up in order; after the last one, and for tests that script none, `model.answer(request) -> Reply` says
what comes. All requests are kept in `model.requests`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Call:
    """A tool call of the model."""

    name: str
    arguments: Any
    id: str = "call_1"

    @property
    def written(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True)
class Say:
    """An answer, as one message or as a stream, whichever was asked for.

    `pieces`: characters in each delta (0: all in one). `chunk`: bytes in each write to the socket, whatever that cuts
    (0: one a delta). `drip`: seconds before each write. `cut_after`: the connection breaks after so many writes
    (`politely`: as if all were said). `hold`: waited for before the last delta.
    """

    text: str = ""
    pieces: int = 0
    chunk: int = 0
    drip: float = 0.0
    cut_after: int | None = None
    politely: bool = False
    hold: threading.Event | None = None
    finish: str = ""
    refusal: str = ""
    calls: Sequence[Call] = ()
    usage: tuple[int, int] | None = (100, 50)

    @property
    def finish_reason(self) -> str:
        return self.finish or ("tool_calls" if self.calls else "stop")


@dataclass(frozen=True)
class Fail:
    """An answer with an error status; `body` is sent as it is."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"error": {"message": "planted failure", "type": "planted", "code": null}}'
    delay: float = 0.0


@dataclass(frozen=True)
class Raw:
    """Bytes in place of an HTTP answer; then the connection is closed."""

    data: bytes = b""
    delay: float = 0.0


Reply: TypeAlias = Say | Fail | Raw


@dataclass(frozen=True)
class Received:
    """A request as it came. `at` is time.monotonic()."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float

    @property
    def schema(self) -> str:
        """The name of the JSON schema that was asked for, or ''."""
        name: str = self.body.get("response_format", {}).get("json_schema", {}).get("name", "")
        return name

    @property
    def text(self) -> str:
        return "\n\n".join(str(one.get("content") or "") for one in self.body["messages"])


class Provider:
    """What the server knows and does. `url` is what GUILDHALL_LLM_BASE_URL should be."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Received] = []
        self.answer: Callable[[Received], Reply] = lambda request: Say("Hello.")
        self._script: list[Reply] = []
        self._lock = threading.Lock()

    def script(self, *replies: Reply) -> None:
        with self._lock:
            self._script += replies

    def take(self, request: Received) -> Reply:
        with self._lock:
            self.requests.append(request)
            if self._script:
                return self._script.pop(0)
        return self.answer(request)


def deltas(say: Say) -> list[dict[str, Any]]:
    """The deltas of a stream."""
    size = say.pieces or max(len(say.text), 1)
    found: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    found += [{"content": say.text[at : at + size]} for at in range(0, len(say.text), size)]
    found += [{"refusal": say.refusal}] if say.refusal else []
    for index, call in enumerate(say.calls):
        half = len(call.written) // 2
        named = {"index": index, "id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}}
        found.append({"tool_calls": [named]})
        found += [
            {"tool_calls": [{"index": index, "function": {"arguments": part}}]}
            for part in (call.written[:half], call.written[half:])
        ]
    return found


def message(say: Say) -> dict[str, Any]:
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.written}}
        for call in say.calls
    ]
    made = {"role": "assistant", "content": say.text or None, "refusal": say.refusal or None}
    return {**made, "tool_calls": calls} if calls else made


def _usage(say: Say) -> dict[str, int] | None:
    if say.usage is None:
        return None
    prompt, completion = say.usage
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.provider.take(Received(self.path, dict(self.headers), body, time.monotonic()))
        try:
            self._send(reply, body)
        except OSError:
            self.close_connection = True  # the client hung up

    def _send(self, reply: Reply, body: dict[str, Any]) -> None:
        match reply:
            case Fail():
                time.sleep(reply.delay)
                self._whole(reply.status, reply.body.encode(), reply.headers)
            case Raw():
                time.sleep(reply.delay)
                self.wfile.write(reply.data)
                self.close_connection = True
            case Say() if body.get("stream"):
                self._stream(reply, body)
            case Say():
                time.sleep(reply.drip)
                if reply.hold:
                    reply.hold.wait(60)
                choice = {"index": 0, "message": message(reply), "finish_reason": reply.finish_reason}
                whole = {**_head(body, "chat.completion"), "choices": [choice], "usage": _usage(reply)}
                self._whole(200, json.dumps(whole, ensure_ascii=False).encode(), {})

    def _whole(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, say: Say, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number, data in enumerate(_writes(say, body)):
            if say.cut_after is not None and number >= say.cut_after:
                if say.politely:
                    break
                self.close_connection = True
                return
            time.sleep(say.drip)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": body["model"]}


def _writes(say: Say, body: dict[str, Any]) -> Iterator[bytes]:
    events = _events(say, body)
    if not say.chunk:
        yield from events
        return
    waiting = b""
    for event in events:
        waiting += event
        while len(waiting) >= say.chunk:
            yield waiting[: say.chunk]
            waiting = waiting[say.chunk :]
    if waiting:
        yield waiting


def _events(say: Say, body: dict[str, Any]) -> Iterator[bytes]:
    head = _head(body, "chat.completion.chunk")
    parts = deltas(say)
    for number, delta in enumerate(parts, 1):
        if say.hold and number == len(parts):
            say.hold.wait(60)
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": say.finish_reason}]})
    if say.usage and body.get("stream_options", {}).get("include_usage"):
        yield _event({**head, "choices": [], "usage": _usage(say)})
    yield b"data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that hang up are part of the tests


@contextmanager
def provider() -> Iterator[Provider]:
    """A server on a free port of this machine; it ends with the block."""
    made = Provider()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": made}))
    made.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
