"""Registers the app with Django."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"
