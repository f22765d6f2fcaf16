"""Fifty people talk to the assistant at once, through one web process: is every answer whole and in order, and how soon
does it begin?

    DATABASE_URL=... REDIS_URL=... python -m bench.chat_streams [--streams 50] [--rounds 5] [--model]

Runs on a database of its own beside the one in DATABASE_URL. With --model the answers come from a scripted model that
speaks 20 words a second, behind the real client.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import time
from collections.abc import Iterator
from typing import Any

from bench.sse_streams import cpu, daphne, memory, prepare

SAID = ["help", "Find a skill that reviews SQL migrations", "status", "Is there something for release notes?", "hello"]
WORDS = "I find skills and explain them, and I have new ones written when you say what they should do."


class Talker:
    """One person's session; each message is one POST /conversational/stream."""

    def __init__(self, port: int, key: str, number: int) -> None:
        self.port, self.key, self.number = port, key, number
        self.sequence = 0
        self.delays: list[tuple[float, float, float]] = []

    async def say(self, text: str) -> None:
        body = json.dumps({"session_id": f"bench_{self.number}", "message": text}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"POST /api/v1/conversational/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        begun = time.monotonic()
        writer.write(head.encode() + body)
        first = piece = 0.0
        answer, fields = "", None
        while line := await reader.readline():
            if line == b"data: [DONE]\n":
                break
            if not line.startswith(b"data: "):
                continue
            first = first or time.monotonic() - begun
            event = json.loads(line[6:])
            if event["type"] == "stream":
                piece = piece or time.monotonic() - begun
                answer = ("" if event["data"].get("reset") else answer) + event["data"]["content"]
            elif event["type"] == "prediction":
                fields = event["data"]["fields"]
        writer.close()
        assert fields is not None, "the stream ended before its answer"
        assert fields["response"] == answer, "the pieces are not the answer"
        self.sequence += 2
        assert fields["sequence"] == self.sequence, "the answer has another's place"
        self.delays.append((first, piece, time.monotonic() - begun))


@contextlib.contextmanager
def model(wanted: bool) -> Iterator[dict[str, str]]:
    """The environment of a web process with a scripted model, or of one with none."""
    if not wanted:
        yield {"GUILDHALL_LLM_MODEL": ""}
        return
    from tests.inference.provider import Say, provider

    with provider() as scripted:
        scripted.answer = lambda request: Say(WORDS, pieces=5, drip=0.05)
        yield {"GUILDHALL_LLM_MODEL": "scripted", "GUILDHALL_LLM_BASE_URL": scripted.url, "ASSISTANT_THREADS": "50"}


async def measure(port: int, pid: int, key: str, streams: int, rounds: int) -> None:
    talkers = [Talker(port, key, number) for number in range(streams)]
    await asyncio.gather(*(talker.say("help") for talker in talkers[:5]))
    for talker in talkers:
        talker.delays.clear()
    before, begun = cpu(pid), time.monotonic()
    for number in range(rounds):
        await asyncio.gather(*(talker.say(SAID[number % len(SAID)]) for talker in talkers))
    took = time.monotonic() - begun
    delays = [delay for talker in talkers for delay in talker.delays]
    print(f"{len(delays)} answers, {streams} at a time, all whole and in order, in {took:.1f} s")
    for name, values in zip(("first event", "first words", "whole"), zip(*delays, strict=True), strict=True):
        print(f"{name}: p50 {statistics.median(values) * 1000:.0f} ms, p95 {_p95(values) * 1000:.0f} ms")
    print(f"{(cpu(pid) - before) / len(delays) * 1000:.1f} ms of processor an answer, {memory(pid) / 2**20:.0f} MiB")


def _p95(values: Any) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", action="store_true")
    options = parser.parse_args()

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    main_name = str(connection.settings_dict["NAME"])
    database = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        key, _ = prepare(0)
        connection.close()
        with model(options.model) as more, daphne(database, options.streams, **more) as (port, pid):
            asyncio.run(asyncio.wait_for(measure(port, pid, key, options.streams, options.rounds), 240))
    finally:
        connection.creation.destroy_test_db(main_name, verbosity=0)


if __name__ == "__main__":
    main()
