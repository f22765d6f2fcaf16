"""What managers do to a skill from the desk: each change is a form that asks why, and a call to one service."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from unfold.widgets import UnfoldBooleanWidget

from accounts.actor import Actor
from accounts.admin.desk import ReasonForm
from core.errors import Conflict, NotFound
from jobs.admin.jobs import PromoteForm
from jobs.models import Draft
from jobs.services import promote_draft
from jobs.states import State
from marketplace.services import publish_skill, unpublish_skill
from skills.differences import compare_texts
from skills.lifecycle import activate_skill, deprecate_skill, restore_version
from skills.models import Skill
from skills.reviewing import findings_in, findings_of
from skills.versioning import get_version


class Change(ReasonForm):
    """One change of one skill, `given` (the query string) saying of what where that is a question.

    `fits` is whether it makes sense for the skill as it is; `unfit` says why it does not. `title` and `button` name the
    change, `lead` says what will happen, `done` what has (of the skill's name). Changes of many skills at once have
    `many_lead` and `many_done` (of their number) too.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    button: ClassVar[str]
    lead: ClassVar[str]
    done: ClassVar[str]
    many_lead: ClassVar[str]
    many_done: ClassVar[str]
    unfit: ClassVar[str]
    is_grave: ClassVar[bool] = False
    # The page of a skill lists the classes.
    do_not_call_in_templates: ClassVar[bool] = True

    def __init__(self, skill: Skill, given: QueryDict, data: Any = None) -> None:
        """Raises NotFound where `given` names nothing of the skill."""
        super().__init__(data)
        self.skill = skill

    @classmethod
    def called(cls, skill: Skill) -> str:
        """The title, where it depends on the skill."""
        return cls.title

    @property
    def heading(self) -> str:
        return self.called(self.skill)

    @classmethod
    def fits(cls, skill: Skill) -> bool:
        raise NotImplementedError

    def apply(self, actor: Actor) -> None:
        """Gives what was filled in to the service. Raises DomainError, Conflict where the change does not fit now."""
        if not self.fits(self.skill):
            raise Conflict(self.unfit, code="change_does_not_fit")
        self.run(actor, self.skill, **self.cleaned_data)

    @staticmethod
    def run(actor: Actor, skill: Skill, **values: Any) -> None:
        """Calls the service; also for many skills at once, with `reason` alone."""
        raise NotImplementedError

    def shown(self) -> dict[str, Any]:
        """What one should see before deciding: `checks` found, `pieces` of text that change."""
        return {}


def _acknowledgement() -> forms.BooleanField:
    return forms.BooleanField(required=False, label="I saw what the content checks found", widget=UnfoldBooleanWidget())


class Publish(Change):
    name = "publish"
    title = "Publish to the marketplace"
    button = "Publish"
    lead = "All tenants find this skill, as it is now, and may install copies of it, in your name."
    done = "{} is published."
    many_lead = "All tenants find these skills, as they are now, and may install copies, in your name."
    many_done = "{} published."
    unfit = "Only active skills of a tenant can be published."

    def __init__(self, skill: Skill, given: QueryDict, data: Any = None) -> None:
        super().__init__(skill, given, data)
        self.found = findings_of(skill)
        if self.found:
            self.fields["acknowledged"] = _acknowledgement()

    @classmethod
    def called(cls, skill: Skill) -> str:
        return "Publish again" if skill.is_published else cls.title

    @classmethod
    def fits(cls, skill: Skill) -> bool:
        return skill.status == Skill.Status.ACTIVE and not skill.is_system

    @staticmethod
    def run(actor: Actor, skill: Skill, **values: Any) -> None:
        publish_skill(actor=actor, skill_id=skill.pk, **values)

    def shown(self) -> dict[str, Any]:
        return {"checks": self.found}


class Unpublish(Change):
    name = "unpublish"
    title = "Take back from the marketplace"
    button = "Take back"
    lead = "No tenant finds this skill any more. Copies that were installed stay."
    done = "{} is taken back."
    many_lead = "No tenant finds these skills any more. Copies that were installed stay."
    many_done = "{} taken back."
    unfit = "It is not published."

    @classmethod
    def fits(cls, skill: Skill) -> bool:
        return skill.is_published

    @staticmethod
    def run(actor: Actor, skill: Skill, **values: Any) -> None:
        unpublish_skill(actor=actor, skill_id=skill.pk, **values)


class Deprecate(Change):
    name = "deprecate"
    title = "Deprecate"
    button = "Deprecate"
    lead = "Agents find and load this skill no more; if it is published, it is on offer no more. Its history stays."
    done = "{} is deprecated."
    many_lead = "Agents find and load these skills no more; those published are on offer no more. Their history stays."
    many_done = "{} deprecated."
    unfit = "It is deprecated already."
    is_grave = True

    @classmethod
    def fits(cls, skill: Skill) -> bool:
        return skill.status != Skill.Status.DEPRECATED

    @staticmethod
    def run(actor: Actor, skill: Skill, **values: Any) -> None:
        deprecate_skill(actor=actor, skill=skill, **values)


class Activate(Change):
    name = "activate"
    title = "Put into use again"
    button = "Put into use"
    lead = "Agents find and load this skill again; if it is published, it is on offer again."
    done = "{} is in use again."
    unfit = "It is in use already."

    @classmethod
    def fits(cls, skill: Skill) -> bool:
        return skill.status != Skill.Status.ACTIVE

    @staticmethod
    def run(actor: Actor, skill: Skill, **values: Any) -> None:
        activate_skill(actor=actor, skill=skill, **values)


class Restore(Change):
    """`given` names the `version`."""

    name = "restore"
    title = "Restore a version"
    button = "Restore"
    lead = "This version becomes the current one, with its content and files. The versions after it stay."
    done = "{} is restored."
    unfit = "This version is current already."

    def __init__(self, skill: Skill, given: QueryDict, data: Any = None) -> None:
        super().__init__(skill, given, data)
        self.version = get_version(skill, given.get("version", ""))
        self.found = findings_in(skill.client_id, self.version.content, self.version.files)
        if self.found and skill.is_published:
            self.fields["acknowledged"] = _acknowledgement()

    @property
    def heading(self) -> str:
        return f"Restore version {self.version.version}"

    @classmethod
    def fits(cls, skill: Skill) -> bool:
        return True  # which version is meant decides; the service refuses the current one

    def apply(self, actor: Actor) -> None:
        restore_version(actor=actor, skill=self.skill, number=self.version.version, **self.cleaned_data)

    def shown(self) -> dict[str, Any]:
        title = f"From {self.skill.semver} to {self.version.version}"
        pieces = compare_texts(self.skill.content, self.version.content)
        return {"checks": self.found, "compared": title, "pieces": pieces}


class Promote(Change, PromoteForm):
    """`given` names the `job` whose draft becomes the skill's next version."""

    name = "promote"
    title = "Promote a draft"
    button = "Promote"
    lead = "The draft becomes the next version of this skill, and the current one."
    done = "The draft is the current version of {}."
    unfit = "The draft is promoted already."

    def __init__(self, skill: Skill, given: QueryDict, data: Any = None) -> None:
        self.skill, self.draft = skill, _draft_of(skill, given.get("job", ""))
        self.found = findings_in(skill.client_id, self.draft.content, self.draft.files)
        PromoteForm.__init__(self, self.draft, bool(self.found), data)

    @classmethod
    def fits(cls, skill: Skill) -> bool:
        return True  # which draft is meant decides

    def apply(self, actor: Actor) -> None:
        if self.draft.promoted_at:
            raise Conflict(self.unfit, code="already_promoted")
        promote_draft(actor=actor, job_id=self.draft.job_id, **self.cleaned_data)

    def shown(self) -> dict[str, Any]:
        return {
            "checks": self.found,
            "compared": f"From {self.skill.semver} to the draft",
            "pieces": compare_texts(self.skill.content, self.draft.content),
        }


def waiting_drafts(skill: Skill) -> list[Draft]:
    """Finished drafts for the skill's address that nobody promoted yet, the newest first, at most ten."""
    rows = Draft.objects.filter(client_id=skill.client_id, slug=skill.slug, promoted_at=None)
    return list(rows.filter(job__state=State.COMPLETED).select_related("job").defer("content", "files")[:10])


def _draft_of(skill: Skill, job_id: str) -> Draft:
    try:
        key = UUID(job_id)
    except ValueError:
        key = None
    draft = Draft.objects.filter(client_id=skill.client_id, slug=skill.slug, job_id=key).first() if key else None
    if draft is None:
        raise NotFound("No such draft of this skill", code="draft_not_found")
    return draft


# Those of the skill as a whole, in the order of their buttons; then those that name a version or a draft.
OF_THE_SKILL: Final[tuple[type[Change], ...]] = (Publish, Unpublish, Activate, Deprecate)
_ALL: Final[tuple[type[Change], ...]] = (*OF_THE_SKILL, Restore, Promote)
CHANGES: Final = {change.name: change for change in _ALL}
