"""Skills as lines of JSON: {"name", "description", "body", ...}, each made into a SKILL.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import Any

import orjson

from skills.archives.folders import SkillFile, SkillFolder, SkillSource
from skills.archives.limits import CountingReader, Limits, refused
from skills.document import DOCUMENT_PATH, compose

_MAX_LINE_BYTES = 4 * 1024 * 1024
_TEXTS = ("name", "description", "body")


class RecordSource(SkillSource):
    """One skill a line. `repo` and `path`, where given, name its source; `license` goes into the front matter."""

    def __init__(self, opened: Callable[[], CountingReader], limits: Limits) -> None:
        self._opened = opened
        self._count = sum(1 for _ in self._lines())
        if self._count > limits.members:
            raise refused("too_many_members", f"The file holds more than {limits.members} records")

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[SkillFolder]:
        seen: Counter[str] = Counter()
        for number, line in self._lines():
            folder = _folder(number, line)
            seen[folder.source_path] += 1
            if (times := seen[folder.source_path]) > 1:
                path = f"{folder.source_path}#{times}"
                folder = SkillFolder(path, folder.folder_name, folder.files, folder.problems, folder.details)
            yield folder

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """(line number, line) of each line that is not blank."""
        with self._opened() as reader, BufferedReader(reader) as buffered:
            number = 0
            while line := buffered.readline(_MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > _MAX_LINE_BYTES:
                    raise refused("too_large", f"Line {number} has more than {_MAX_LINE_BYTES} bytes")
                if line.strip():
                    yield number, line


def _folder(number: int, line: bytes) -> SkillFolder:
    try:
        record = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return SkillFolder(f"line {number}", None, problems=(f"line {number} is not JSON: {error}",))
    if not isinstance(record, dict):
        return SkillFolder(f"line {number}", None, problems=(f"line {number} is not a JSON object",))
    wrong = [key for key in _TEXTS if not isinstance(record.get(key, ""), str)]
    if wrong or not str(record.get("name", "")).strip():
        what = f"{', '.join(wrong)} must be text" if wrong else "there is no name"
        return SkillFolder(_source_path(number, record), None, problems=(f"line {number}: {what}",))
    fields: dict[str, Any] = {"name": record["name"]}
    fields |= {
        key: record[key] for key in ("description", "license") if record.get(key) and isinstance(record[key], str)
    }
    text = compose(fields, record.get("body", ""))
    details = {key: value for key, value in record.items() if key not in _TEXTS}
    file = SkillFile(DOCUMENT_PATH, text.encode())
    return SkillFolder(_source_path(number, record), record["name"], (file,), details=details)


def _source_path(number: int, record: dict[str, Any]) -> str:
    """`repo/folder` where the record says where it is from, else its name; the line only for want of both."""
    repo, path = record.get("repo"), record.get("path")
    given = [part for part in (repo, path) if isinstance(part, str) and part]
    place = "/".join(given).removesuffix(f"/{DOCUMENT_PATH}") if given else record.get("name")
    return place if isinstance(place, str) and place else f"line {number}"
