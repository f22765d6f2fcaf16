"""Registers the app with Django."""

from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "taxonomy"
