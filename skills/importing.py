"""Taking skills in from a folder, an archive or records: again and again, without doubling or losing any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction

from accounts.actor import Actor
from core.errors import Conflict, DomainError
from core.text import slugify
from skills import search
from skills.archives import REGISTRY_LIMITS, Limits, SkillFile, SkillFolder, read_skills
from skills.document import DOCUMENT_PATH, Document
from skills.files import file_entry, skill_digest
from skills.models import Skill
from skills.services import create_skill, update_skill
from skills.validation import Finding, validate_folder
from skills.validation.importable import derived_description, derived_name
from skills.validation.subject import find_document

Status: TypeAlias = Literal["imported", "updated", "unchanged", "refused"]
# So many skills share a transaction and a call of the embedding model.
BATCH_SIZE: Final = 64
# Where a skill keeps what it was imported from, in Skill.metadata.
METADATA_KEY: Final = "import"
_REPAIRS: Final = ("importable.repaired", "importable.name-derived")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one skill of the source. `notes` say why it was refused, what was repaired, how it was named."""

    source: str
    status: Status
    name: str = ""
    slug: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_repaired(self) -> bool:
        return self.status != "refused" and any(finding.rule in _REPAIRS for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "status": self.status,
            "name": self.name,
            "slug": self.slug,
            "repaired": self.is_repaired,
            "notes": list(self.notes),
            "findings": [finding.as_dict() for finding in self.findings],
        }


@dataclass(slots=True)
class ImportReport:
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many of each status, and how many of them all were `repaired`."""
        counts = Counter[str](outcome.status for outcome in self.outcomes)
        counts["repaired"] = sum(outcome.is_repaired for outcome in self.outcomes)
        return counts


def import_skills(
    *,
    actor: Actor,
    source: Path | bytes,
    limits: Limits = REGISTRY_LIMITS,
    on_start: Callable[[int], None] = lambda total: None,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> ImportReport:
    """Brings every skill of `source` into the actor's tenant; each one alone may be refused.

    A skill is known again by its folder in the source and its name: with the same files it is left alone, with others
    it gets a new version. Another folder's skill of the same name is kept beside it, at the address `name-2`.
    Raises Invalid where the source as a whole is refused, OSError where it cannot be read, Conflict while another
    import into the tenant runs.
    """
    folders = read_skills(source, limits)
    on_start(len(folders))
    report = ImportReport()
    with _only_import(actor.client_id):
        importer = _Importer(actor)
        remaining = iter(folders)
        while batch := list(islice(remaining, BATCH_SIZE)):
            for outcome in importer.take(batch):
                report.outcomes.append(outcome)
                on_outcome(outcome)
    return report


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A folder that can be kept, in the words of the store."""

    folder: SkillFolder
    name: str
    description: str
    content: str
    files: list[dict[str, Any]]
    origin: dict[str, Any]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, folder: SkillFolder, document: Document, findings: tuple[Finding, ...]) -> _Incoming:
        path = find_document({file.path: file for file in folder.files})
        beside = [
            file_entry(file.path, file.data, executable=file.executable) for file in folder.files if file.path != path
        ]
        spelling = next(file for file in folder.files if file.path == path)
        return cls(
            folder=folder,
            name=derived_name(document, folder.folder_name),
            description=derived_description(document),
            content=document.text,
            files=beside,
            origin=_origin(folder, spelling, skill_digest(document.text, beside)),
            findings=findings,
        )


def _origin(folder: SkillFolder, document: SkillFile, digest: str) -> dict[str, Any]:
    origin: dict[str, Any] = {"source": folder.source_path, "digest": digest}
    if document.path != DOCUMENT_PATH:
        origin["document"] = document.path
    if document.executable:
        origin["executable"] = True
    return origin | ({"details": dict(folder.details)} if folder.details else {})


@dataclass(frozen=True, slots=True)
class _Known:
    """A skill of the tenant that an earlier import brought."""

    pk: UUID
    slug: str
    origin: Mapping[str, Any]
    is_embedded: bool = True


class _Importer:
    """Remembers what the tenant has, so that a thousand skills do not cost a thousand look-ups."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        rows = Skill.objects.filter(client_id=actor.client_id)
        self._slugs = set(rows.values_list("slug", flat=True))
        imported = rows.filter(metadata__has_key=METADATA_KEY).order_by("version")
        self._known: dict[tuple[str, str], _Known] = {
            (metadata[METADATA_KEY]["source"], name): _Known(pk, slug, metadata[METADATA_KEY], model is not None)
            for pk, name, slug, metadata, model in imported.values_list(
                "pk", "name", "slug", "metadata", "embedding_model"
            )
            if isinstance(metadata[METADATA_KEY], dict) and "source" in metadata[METADATA_KEY]
        }

    def take(self, folders: list[SkillFolder]) -> list[Outcome]:
        """One transaction, in which the services set a savepoint for each skill, and one call of the model."""
        saved: list[Skill] = []
        with transaction.atomic():
            outcomes = [self._take_one(folder, saved) for folder in folders]
        search.embed_skills(saved)
        return outcomes

    def _take_one(self, folder: SkillFolder, saved: list[Skill]) -> Outcome:
        report = validate_folder({file.path: file.data for file in folder.files}, folder.folder_name)
        findings = tuple(finding for finding in report.findings if finding.layer != "quality")
        if folder.problems:
            return Outcome(folder.source_path, "refused", folder.folder_name or "", notes=folder.problems)
        if not report.passed("importable") or report.document is None:
            blockers = [
                finding for finding in findings if finding.layer == "importable" and finding.severity == "error"
            ]
            notes = tuple(finding.message for finding in blockers)
            return Outcome(folder.source_path, "refused", folder.folder_name or "", notes=notes, findings=findings)
        incoming = _Incoming.of(folder, report.document, findings)
        try:
            return self._save(incoming, saved)
        except DomainError as error:
            notes = (error.message,)
        except (DataError, IntegrityError) as error:
            notes = (f"the database refuses it: {str(error).splitlines()[0]}",)
        return Outcome(folder.source_path, "refused", incoming.name, notes=notes, findings=findings)

    def _save(self, incoming: _Incoming, saved: list[Skill]) -> Outcome:
        known = self._known.get((incoming.folder.source_path, incoming.name))
        if known is None:
            skill = self._create(incoming)
            status: Status = "imported"
        elif known.origin != incoming.origin:
            skill = self._update(incoming, known.pk)
            status = "updated"
        elif known.is_embedded:
            return self._outcome(incoming, "unchanged", known.slug)
        else:
            # An import that was killed had stored it, but not yet its vector.
            skill = Skill.objects.get(pk=known.pk)
            status = "unchanged"
        saved.append(skill)
        self._known[incoming.folder.source_path, incoming.name] = _Known(skill.pk, skill.slug, incoming.origin)
        return self._outcome(incoming, status, skill.slug)

    def _create(self, incoming: _Incoming) -> Skill:
        base = slugify(incoming.name)
        for slug in (base if number == 1 else f"{base}-{number}" for number in count(1)):
            if slug in self._slugs:
                continue
            self._slugs.add(slug)
            try:
                return create_skill(
                    actor=self._actor,
                    name=incoming.name,
                    slug=slug,
                    description=incoming.description,
                    content=incoming.content,
                    supporting_files=incoming.files,
                    metadata={METADATA_KEY: incoming.origin},
                    version_description=f"Imported from {incoming.folder.source_path}",
                    created_via="import",
                    embed=False,
                )
            except Conflict as conflict:
                if conflict.code != "skill_exists":
                    raise
        raise AssertionError("count() never ends")

    def _update(self, incoming: _Incoming, pk: UUID) -> Skill:
        skill = Skill.objects.get(pk=pk)
        return update_skill(
            actor=self._actor,
            skill=skill,
            description=incoming.description,
            content=incoming.content,
            supporting_files=incoming.files,
            metadata={**skill.metadata, METADATA_KEY: incoming.origin},
            version_description=f"Imported from {incoming.folder.source_path}",
            embed=False,
        )

    @staticmethod
    def _outcome(incoming: _Incoming, status: Status, slug: str) -> Outcome:
        notes = [finding.message for finding in incoming.findings if finding.rule in _REPAIRS]
        if slug != (base := slugify(incoming.name)):
            notes.append(f"the address '{base}' belongs to another skill; this one is at '{slug}'")
        source = incoming.folder.source_path
        return Outcome(source, status, incoming.name, slug, tuple(notes), incoming.findings)


@contextmanager
def _only_import(client_id: str) -> Iterator[None]:
    """Two imports at once would each miss what the other adds. The lock ends with the connection at the latest."""
    key = f"import_skills:{client_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        (is_free,) = cursor.fetchone() or (False,)
        if not is_free:
            raise Conflict("Another import into this tenant is running", code="import_running")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
