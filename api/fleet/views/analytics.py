"""How skills are used: events that come in, figures and advice that go out."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor
from analytics.recommendations import recommend
from analytics.reports import usage_report
from analytics.services import Recorded, record_usage
from api.authentication import actor_of
from api.fleet.ownership import check_user
from api.fleet.serializers import RequiredUserQuery, UserQuery
from api.fleet.views import FleetView
from core.errors import Invalid, NotFound


class Analytics(FleetView):
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        user_id = check_user(actor, self.read_query(UserQuery)["user_id"])
        report = usage_report(client_id=actor.client_id, user_ref=user_id or None)
        together = [{"skills": one.skills, "count": one.tasks} for one in report.common_combinations]
        return Response(
            {
                "total_events": report.total_events,
                "unique_skills_used": report.unique_skills_used,
                "success_rate": report.success_rate,
                "most_used_skills": [[skill, uses] for skill, uses in report.most_used],
                "common_combinations": together,
                "cold_skills": report.cold_skills,
            }
        )


class Recommendations(FleetView):
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        user_id = check_user(actor, self.read_query(RequiredUserQuery)["user_id"])
        found = recommend(client_id=actor.client_id, user_ref=user_id)
        advice = [{"skill_id": one.skill_id, "reason": one.reason, "priority": one.priority} for one in found]
        return Response({"user_id": user_id, "recommendations": advice, "total_recommendations": len(advice)})


class UsageEvents(FleetView):
    def post(self, request: Request) -> Response:
        """One event, an array of events, or {"events": [...]}: all are recorded or none."""
        actor = actor_of(request)
        body: Any = request.data
        events = body.get("events", [body]) if isinstance(body, dict) else body
        if not isinstance(events, list):
            raise Invalid("events must be an array", code="invalid_events", fields={"events": ["must be an array"]})
        for event in events:
            if isinstance(event, dict) and isinstance(event.get("user_id"), str):
                check_user(actor, event["user_id"])
        recorded = _record(actor, events, is_single=isinstance(body, dict) and "events" not in body)
        return Response({"recorded": recorded.recorded, "duplicates": recorded.duplicates}, status=201)


def _record(actor: Actor, events: list[Any], *, is_single: bool) -> Recorded:
    """Of a single event faults are named as the caller knows its fields, without a number."""
    try:
        return record_usage(actor=actor, events=events)
    except (Invalid, NotFound) as refusal:
        if not is_single:
            raise
        fields = {name.removeprefix("events.0."): texts for name, texts in refusal.fields.items()}
        raise type(refusal)(next(iter(fields.values()))[0], code=refusal.code, fields=fields) from None
