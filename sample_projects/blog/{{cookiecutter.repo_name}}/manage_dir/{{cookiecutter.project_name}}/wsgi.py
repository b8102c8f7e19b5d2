"""WSGI entry point of the {{ cookiecutter.project_name }} project."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{{ cookiecutter.project_name }}.settings{{ ".production" if cookiecutter.settings_style == "package" }}")

application = get_wsgi_application()
