"""ASGI scripts whose application belongs to another framework."""

from __future__ import annotations

import ast

import pytest

from simple_deploy.source_code.mounted import mounting

DJANGO = "from django.core.asgi import get_asgi_application\n"
FASTAPI = f"{DJANGO}from fastapi import FastAPI\n"


@pytest.mark.parametrize(
    ("script", "name"),
    [
        (f"{DJANGO}application = get_asgi_application()", ""),
        (f'{FASTAPI}app = FastAPI()\napp.mount("/", get_asgi_application())', "app"),
        (f'{FASTAPI}x = get_asgi_application()\napplication = FastAPI()\napplication.mount("", x)', "application"),
        (f'{FASTAPI}application = get_asgi_application()\napi = FastAPI()\napi.mount("/", app=application)', "api"),
        (f'{FASTAPI}b = FastAPI()\napp = FastAPI()\napp.mount("/b", b)\napp.mount("/", get_asgi_application())', "app"),
        (f'{FASTAPI}app = FastAPI()\napp.mount("/", get_asgi_application())\napplication = Traced(app)', "application"),
        (f"{FASTAPI}api = FastAPI()\napplication = get_asgi_application()", ""),
        ("import fastapi\nfrom django.core import wsgi\nfrom fastapi.middleware.wsgi import WSGIMiddleware\n"
         'app = fastapi.FastAPI()\napp.mount("/", WSGIMiddleware(wsgi.get_wsgi_application()))', "app"),
        (f"import socketio\n{DJANGO}sio = socketio.AsyncServer()\n"
         "application = socketio.ASGIApp(sio, get_asgi_application())", "application"),
        (f"{DJANGO}from starlette.applications import Starlette\nfrom starlette.routing import Mount\n"
         'if True:\n    app = Starlette(routes=[Mount("/", app=get_asgi_application())])', "app"),
        (f"{DJANGO}from starlette.middleware.cors import CORSMiddleware\n"
         "application = CORSMiddleware(get_asgi_application())", ""),
        (f"{DJANGO}from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware\n"
         "application = OpenTelemetryMiddleware(get_asgi_application())", ""),
        (f"{DJANGO}from channels.routing import ProtocolTypeRouter\n"
         'application = ProtocolTypeRouter({"http": get_asgi_application()})', ""),
    ],
)  # fmt: skip
def test_only_an_application_with_django_inside_counts(script: str, name: str) -> None:
    assert mounting(ast.parse(script)) == name
