"""A client of Guildhall: the pleasant layer over the clients generated from its OpenAPI documents.

`Guildhall` does what people do most: have skills written while answering what their jobs ask, search, publish, install,
read versions. Everything else is in the generated packages `guildhall.fleet`, `guildhall.code` and `guildhall.agent`.
"""

from guildhall.client import Guildhall
from guildhall.events import EVENTS, JobEvent
from guildhall.jobs import Job
from guildhall.problems import GuildhallError

__all__ = ["EVENTS", "Guildhall", "GuildhallError", "Job", "JobEvent"]
