"""A command at a pseudo terminal: what it asks is read and answered, as a person would. Standard output is a pipe."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Mapping, Sequence

PATIENCE_SECONDS = 90
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """`coloured` is all that was printed at the terminal, `shown` the same without colours."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=subprocess.PIPE, stderr=slave, env=dict(environment), start_new_session=True
        )
        os.close(slave)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.shown = ""
        self.coloured = ""
        self._read_to = 0

    def expect(self, *words: str) -> str:
        """Waits until one of the words is printed after the last one expected, and returns it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            fresh = self.shown[self._read_to :]
            found = [(fresh.index(word), word) for word in words if word in fresh]
            if found:
                at, word = min(found)
                self._read_to += at + len(word)
                return word
            assert time.monotonic() < deadline, f"waited for {words}, saw:\n{self.shown}"
            assert self._read(), f"ended before {words}:\n{self.shown}"

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def end(self) -> tuple[int, str]:
        """Exit code and standard output."""
        while self._read():
            pass
        output, _ = self._process.communicate(timeout=PATIENCE_SECONDS)
        return self._process.returncode, output.decode()

    def close(self) -> None:
        os.close(self._master)
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def _read(self) -> bool:
        """Whether there may be more to read."""
        ready, _, _ = select.select([self._master], [], [], 0.5)
        if not ready:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:  # how Linux tells that the other side is closed
            return False
        text = self._decoder.decode(data)
        self.coloured += text
        self.shown += _COLOURS.sub("", text)
        return bool(data)
