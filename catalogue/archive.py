"""Files of strangers on their way to a disk: never shown, never guessed at."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from urllib.parse import quote

from django.http import HttpResponse

from skills.exporting import folder_files
from skills.models import Skill

# Before 1980 no ZIP knows a time; equal folders make equal archives.
_WHEN = (1980, 1, 1, 0, 0, 0)


def as_attachment(path: str, data: bytes, *, is_text: bool) -> HttpResponse:
    """A download under the file's own name; whatever it says to be, browsers get text or bytes."""
    kind = "text/plain; charset=utf-8" if is_text else "application/octet-stream"
    name = PurePosixPath(path).name
    plain = re.sub(r'[^ -~]|["\\]', "_", name)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=kind, headers=headers)


def zip_of(skill: Skill) -> bytes:
    """The skill's folder, named like the skill, with every byte and executable bit."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder_files(skill):
            entry = zipfile.ZipInfo(f"{skill.slug}/{file.path}", _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if file.executable else 0o100644) << 16
            archive.writestr(entry, file.data)
    return sink.getvalue()
