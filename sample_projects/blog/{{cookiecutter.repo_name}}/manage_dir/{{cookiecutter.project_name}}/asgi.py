"""ASGI entry point of the {{ cookiecutter.project_name }} project."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{{ cookiecutter.project_name }}.settings{{ ".production" if cookiecutter.settings_style == "package" }}")

application = get_asgi_application()
