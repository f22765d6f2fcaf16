"""Step: the registry's skills nearest to the new one, to name, to build on, or to notice that it exists already."""

from __future__ import annotations

from inference.writer import Related
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import understanding_of
from skills.models import Skill
from skills.search import MAX_QUERY_LENGTH, search_skills

_NEAREST = 5
_RELATED = 0.4
# From here on two skills do the same: a judgement, to be set by experience.
_SAME = 0.85


class Dependencies:
    name = "dependencies"
    phase = Phase.UNDERSTANDING
    title = "Related skills"

    def run(self, context: Context) -> Outcome:
        understanding = understanding_of(context)
        client_id = context.job.client_id
        query = understanding.search_text[:MAX_QUERY_LENGTH]
        hits = search_skills(client_id=client_id, query=query, limit=_NEAREST + 1, min_similarity=_RELATED)
        skills = Skill.objects.visible_to(client_id).in_bulk([hit.skill_id for hit in hits])
        related = [
            Related(skills[hit.skill_id].slug, skills[hit.skill_id].description or "", round(hit.similarity, 3))
            for hit in hits
            if hit.skill_id in skills
        ]
        nearest = [one for one in related if one.slug != understanding.name][:_NEAREST]
        output = {
            "related": [one.as_json() for one in nearest],
            "overlapping": [one.slug for one in nearest if one.similarity >= _SAME],
        }
        return Done(output, f"{len(nearest)} related skills found")
