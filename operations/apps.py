from django.apps import AppConfig
from prometheus_client import REGISTRY


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        from operations.figures import Figures

        REGISTRY.register(Figures())
