"""The pages of the catalogue: for people who are signed in, and the marketplace, where a setting says so, for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from analytics.models import UsageEvent
from analytics.reports import uses_by_day
from catalogue import guides
from catalogue.archive import as_attachment, zip_of
from catalogue.listing import Wish, branches_of, facets_of, list_skills
from catalogue.visitors import Visitor, visitor_of
from core.errors import DomainError, NotFound
from core.limits import spend
from core.markdown import reachable, render_markdown
from marketplace.services import install_skill
from skills import document
from skills.checks import hosts_of
from skills.files import file_bytes
from skills.models import Skill
from skills.reviewing import findings_of
from skills.searches import record_search
from skills.services import resolve_skill
from skills.versioning import live_versions
from taxonomy.services import resolve_path

View = Callable[..., HttpResponseBase]
_DAYS = 30
_VERSIONS = 20
_private = cache_control(private=True, no_store=True)


def _page(view: View, *, public: bool = False) -> View:
    """A page for readers: signed in, or anybody where it is `public` and the marketplace is open to all."""

    def guarded(request: HttpRequest, **address: Any) -> HttpResponseBase:
        is_open = public and settings.PUBLIC_MARKETPLACE
        if not request.user.is_authenticated and not is_open:
            return redirect_to_login(request.get_full_path(), reverse("catalogue:login"))
        visitor = visitor_of(request)
        spend("calls", visitor.subject)
        try:
            return view(request, visitor, **address)
        except NotFound as problem:
            raise Http404(problem.message) from None

    return _private(guarded)


def _listing(
    request: HttpRequest, visitor: Visitor, page: str, *, marketplace: bool = False, **context: Any
) -> HttpResponse:
    """A list of skills, or only its changing part (`fragment=1`), which the page's script asks for while one types."""
    wish, refused = Wish(), ""
    if request.GET.get("q"):
        spend("searches", visitor.subject)
    try:
        wish = Wish.read(request.GET, **({"category": context["category"].path} if "category" in context else {}))
        # What the marketplace has is in the trees of other tenants, whose old paths nobody else sees.
        if not marketplace and "category" not in context:
            wish = wish.now(visitor)
        listing = list_skills(visitor, wish, marketplace=marketplace)
    except DomainError as problem:
        refused, listing = problem.message, None
    is_fragment = "fragment" in request.GET
    if listing and wish.query and not is_fragment and visitor.actor and not marketplace:
        record_search(client_id=visitor.client_id, query=wish.query, hits=listing.hits)
    context |= {"wish": wish, "listing": listing, "refused": refused, "marketplace": marketplace, "visitor": visitor}
    if is_fragment:
        return render(request, "catalogue/_results.html", context)
    context["facets"] = facets_of(visitor, wish, marketplace=marketplace)
    return render(request, page, context, status=400 if refused else 200)


def _home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return _listing(request, visitor, "catalogue/home.html")


def _marketplace(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return _listing(request, visitor, "catalogue/marketplace.html", marketplace=True)


def _categories(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return render(request, "catalogue/categories.html", {"branches": branches_of(visitor), "visitor": visitor})


def _category(request: HttpRequest, visitor: Visitor, path: str) -> HttpResponse:
    category = resolve_path(visitor.client_id, path)
    if category is None:
        raise Http404("No such category")
    if category.path != path:
        return redirect("catalogue:category", path=category.path)
    steps = path.split("/")
    trail = [("/".join(steps[: end + 1]), step) for end, step in enumerate(steps)]
    return _listing(
        request,
        visitor,
        "catalogue/category.html",
        category=category,
        trail=trail,
        branches=branches_of(visitor, below=path),
    )


def _skill(request: HttpRequest, visitor: Visitor, slug: str) -> HttpResponse:
    skill = resolve_skill(visitor.client_id, slug)
    archive = reverse("catalogue:archive", args=[skill.slug])
    base = request.build_absolute_uri("/").rstrip("/")
    days = [timezone.now() - timedelta(days=past) for past in range(_DAYS - 1, -1, -1)]
    midnights = [day.replace(hour=0, minute=0, second=0, microsecond=0) for day in days]
    used = UsageEvent.objects.visible_to(visitor.client_id).filter(skill=skill)
    parsed = document.parse(skill.content)
    context = {
        "skill": skill,
        "visitor": visitor,
        "body": reachable(render_markdown(parsed.body)),
        "source": skill.content,
        "findings": findings_of(skill),
        "hosts": hosts_of(skill.content, skill.supporting_files),
        "versions": live_versions(skill).defer("content", "document", "files")[:_VERSIONS],
        "guides": guides.guides_for(skill, base, archive),
        "days": uses_by_day(used, midnights),
    }
    return render(request, "catalogue/skill.html", context)


def _file(request: HttpRequest, visitor: Visitor, slug: str, path: str) -> HttpResponse:
    skill = resolve_skill(visitor.client_id, slug)
    entry = next((file for file in skill.supporting_files if file["path"] == path), None)
    if path == document.DOCUMENT_PATH:
        return as_attachment(path, skill.content.encode(), is_text=True)
    if entry is None:
        raise Http404("No such file")
    return as_attachment(path, file_bytes(entry), is_text=entry.get("encoding") != "base64")


def _archive(request: HttpRequest, visitor: Visitor, slug: str) -> HttpResponse:
    skill = resolve_skill(visitor.client_id, slug)
    return as_attachment(f"{skill.slug}.zip", zip_of(skill), is_text=False)


def _offer(request: HttpRequest, visitor: Visitor, skill_id: UUID) -> HttpResponse:
    skill = visitor.offered.select_related("category").filter(pk=skill_id).first()
    if skill is None:
        raise Http404("Not on offer")
    guide = guides.install_guide(skill, request.build_absolute_uri("/").rstrip("/"))
    return render(request, "catalogue/offer.html", {"skill": skill, "visitor": visitor, "guide": guide})


def _install(request: HttpRequest, visitor: Visitor, skill_id: UUID) -> HttpResponse:
    if visitor.actor is None:
        raise Http404("Nobody to install for")
    try:
        visitor.actor.require_role("manager")
        copy: Skill = install_skill(actor=visitor.actor, skill_id=skill_id)
    except NotFound:
        raise
    except DomainError as problem:
        messages.error(request, problem.message)
        return HttpResponseRedirect(reverse("catalogue:offer", args=[skill_id]))
    messages.success(request, f"{copy.name} is installed: a copy of your own.")
    return HttpResponseRedirect(reverse("catalogue:skill", args=[copy.slug]))


home = require_safe(_page(_home))
marketplace = require_safe(_page(_marketplace, public=True))
categories = require_safe(_page(_categories))
category = require_safe(_page(_category))
skill = require_safe(_page(_skill))
file = require_safe(_page(_file))
archive = require_safe(_page(_archive))
offer = require_safe(_page(_offer, public=True))
install = require_POST(_page(_install))
