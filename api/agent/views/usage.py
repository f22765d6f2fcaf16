"""Use: agents tell that they used a skill, and whether it helped."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from analytics.services import record_usage
from api.agent.bodies import UsageBody
from api.agent.views import KamanView
from api.authentication import actor_of


class SkillUsage(KamanView):
    """No operation of the document, which shows the counters and not what counts."""

    def post(self, request: Request, skill_id: str) -> Response:
        """Of shared skills too. Without an `event_id` every call is another use."""
        skill = self.find_skill(skill_id)
        event = {"skill_id": str(skill.pk), **self.read_body(UsageBody)}
        is_new = record_usage(actor=actor_of(request), events=[event]).recorded
        message = "Usage recorded" if is_new else "Usage was recorded before"
        return Response({"message": message, "skillId": str(skill.pk)})
