"""Files of a skill or a version on their way out of the desk."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse

from catalogue.archive import as_attachment
from skills.document import DOCUMENT_PATH
from skills.files import FileEntry, file_bytes, file_entry


def skill_md(content: str) -> FileEntry:
    """SKILL.md as an entry like those of its supporting files."""
    return file_entry(DOCUMENT_PATH, content.encode())


def download(path: str, content: str, files: Iterable[FileEntry]) -> HttpResponse:
    """SKILL.md or one of the files, to be saved and never shown. Raises Http404."""
    if path == DOCUMENT_PATH:
        return as_attachment(path, content.encode(), is_text=True)
    entry = next((file for file in files if file["path"] == path), None)
    if entry is None:
        raise Http404("No such file")
    return as_attachment(path, file_bytes(entry), is_text=entry.get("encoding") != "base64")
