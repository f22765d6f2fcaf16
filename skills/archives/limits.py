"""How much of a source is read, counted while reading: sizes that an archive declares are never trusted."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from core.errors import Invalid

MIB: Final = 1024 * 1024
# Below this size no ratio is suspicious: a few kilobytes of spaces compress to nothing.
RATIO_FREE_BYTES: Final = MIB
CHUNK_BYTES: Final = 256 * 1024
_DAMAGE: Final = (
    OSError,
    EOFError,
    zlib.error,
    struct.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    ValueError,
    OverflowError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """`ratio` is unpacked to packed size of the whole source; `member_bytes` is the largest file a skill may bring."""

    compressed_bytes: int
    total_bytes: int
    members: int
    member_bytes: int
    ratio: int

    def unpacked_bytes(self, compressed_size: int) -> int:
        return min(self.total_bytes, max(RATIO_FREE_BYTES, self.ratio * compressed_size))


# One skill or a few, sent by anybody; and a whole registry, read by its operator.
UPLOAD_LIMITS: Final = Limits(20 * MIB, 50 * MIB, 500, 5 * MIB, 50)
REGISTRY_LIMITS: Final = Limits(512 * MIB, 2048 * MIB, 200_000, 8 * MIB, 100)


def refused(reason: str, message: str) -> Invalid:
    return Invalid(message, code=f"archive_{reason}")


@contextmanager
def damage_named() -> Iterator[None]:
    """Turns what the readers of the standard library raise on broken input into one refusal."""
    try:
        yield
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise refused("damaged", f"The archive is damaged: {str(error)[:200] or type(error).__name__}") from error


class CountingReader(io.RawIOBase):
    """Reads a file, unpacked if gzipped, up to what its size allows. Knows where it is and where zeros begin."""

    def __init__(self, file: BinaryIO, *, gzipped: bool, limits: Limits, size: int) -> None:
        super().__init__()
        self._file = file
        self._source: BinaryIO = gzip.GzipFile(fileobj=file) if gzipped else file  # type: ignore[assignment]
        self._allowed = limits.unpacked_bytes(size) if gzipped else limits.total_bytes
        self._limits = limits
        self.position = 0
        self.content_end = 0

    def __enter__(self) -> Self:
        return self

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with damage_named():
            data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        if significant := len(data.rstrip(b"\0")):
            self.content_end = self.position + significant
        self.position += len(data)
        if self.position > self._allowed:
            reason = "too_large" if self._allowed == self._limits.total_bytes else "ratio"
            raise refused(reason, f"The archive unpacks to more than {self._allowed} bytes, more than its size allows")
        return len(data)

    def drain(self) -> None:
        """Reads to the end, which also proves the checksum."""
        buffer = bytearray(CHUNK_BYTES)
        while self.readinto(buffer):
            pass

    def close(self) -> None:
        self._source.close()
        self._file.close()
        super().close()
