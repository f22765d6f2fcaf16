"""Who installed what: the link between a copy and the published skill it was made of."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from accounts.models import Client
from skills.models import Skill


class InstallQuerySet(models.QuerySet["Install"]):
    def visible_to(self, client_id: str) -> InstallQuerySet:
        """The access rule of installs: a tenant knows its own."""
        return self.filter(client_id=client_id)

    def current(self) -> InstallQuerySet:
        """Installs that follow their source: the copy is there, active, and no later install took its place."""
        return self.filter(ended_at=None, skill__status=Skill.Status.ACTIVE)

    def of_source(self, source_id: uuid.UUID) -> InstallQuerySet:
        """The copies that were made of one skill and still follow it, whosever they are: for the publisher's counts and
        for operators. Nobody else learns who installed what."""
        return self.filter(source_id=source_id).current()

    def with_offer(self) -> InstallQuerySet:
        """With the copy, and with what the source is now: `offered_semver` and `offered_sha256`."""
        source = Skill.objects.filter(pk=OuterRef("source_id"), is_published=True).active()
        offer = {
            "offered_semver": Subquery(source.values("semver")),
            "offered_sha256": Subquery(source.values("content_sha256")),
        }
        heavy = ("skill__content", "skill__supporting_files", "skill__trigger_embedding")
        return self.select_related("skill").defer(*heavy).annotate(**offer)

    def behind(self, client_id: str) -> InstallQuerySet:
        """The tenant's copies of which the source says something newer."""
        offered = self.visible_to(client_id).current().with_offer().filter(Q(offered_semver__isnull=False))
        return offered.exclude(source_semver=F("offered_semver"), source_sha256=F("offered_sha256"))


class Install(models.Model):
    """One tenant's copy (`skill`) of another tenant's published skill, and what that was when it was last taken.

    Neither id is a foreign key of the database: a skill that is deleted can be restored with its id, and the install
    then holds again. `source_sha256` is the digest of the source's content and files (skills/files.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="installs")
    client_id: str
    skill = models.OneToOneField(Skill, on_delete=models.DO_NOTHING, db_constraint=False, related_name="install")
    skill_id: uuid.UUID
    source_id = models.UUIDField()
    source_client_id = models.CharField(max_length=50)
    source_semver = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    installed_by = models.CharField(max_length=255)
    installed_at = models.DateTimeField(db_default=Now())
    pulled_at = models.DateTimeField(null=True, blank=True)
    # Set when the copy was given up (deprecated or deleted) and the source was installed again.
    ended_at = models.DateTimeField(null=True, blank=True)

    # Of `with_offer`; None where the source is not on offer any more.
    offered_semver: str | None
    offered_sha256: str | None

    objects = InstallQuerySet.as_manager()

    class Meta:
        db_table = "skill_install"
        ordering = ["-installed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "source_id"], name="skill_install_once", condition=Q(ended_at__isnull=True)
            )
        ]
        indexes = [models.Index(fields=["source_id"], name="skill_install_source")]

    def __str__(self) -> str:
        return f"{self.skill.name} {self.source_semver}"

    @property
    def is_behind(self) -> bool:
        """Whether the source's version or digest is another than the copy was made of. Needs `with_offer`."""
        offer = self.offered_semver, self.offered_sha256
        return self.offered_semver is not None and offer != (self.source_semver, self.source_sha256)

    @property
    def is_changed_here(self) -> bool:
        """Whether the tenant changed the copy's content or files, which a pull would replace."""
        return self.skill.content_sha256 != self.source_sha256


class Listing(Skill):
    """A skill as the marketplace's admin page lists it."""

    class Meta:
        proxy = True
        verbose_name = "marketplace skill"
