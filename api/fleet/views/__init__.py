"""The views of Fleet, one module a subject."""

from api.authentication import ApiKeyAuthentication, DevelopmentAuthentication
from api.fleet.contract import DIALECT
from api.views import ContractView
from jobs.models import Draft, Job


class FleetView(ContractView):
    dialect = DIALECT
    authentication_classes = [ApiKeyAuthentication, DevelopmentAuthentication]


def draft_of(job: Job) -> Draft | None:
    return Draft.objects.filter(job=job).first()
