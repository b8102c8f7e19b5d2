"""A project named `blog`, for whoever wants to see the environment of a web process without deploying one."""

from __future__ import annotations

from matrix.emulators._upsun.configuration import Configuration
from matrix.emulators._upsun.model import Project

CONFIGURATION = Configuration(
    name="blog",
    root="",
    application={
        "type": "python:3.13",
        "relationships": {"database": "db:postgresql"},
        "web": {"commands": {"start": "gunicorn blog.wsgi"}},
    },
    services={"db": {"type": "postgresql:17"}},
    routes={
        "https://{default}/": {"type": "upstream", "upstream": "blog:http"},
        "https://www.{default}/": {"type": "redirect", "to": "https://{default}/"},
    },
)
PROJECT: Project = {
    "id": "oes36x5dtgp2u",
    "title": "blog",
    "site": "blog",
    "region": "eu-5.platform.sh",
    "organization": "01JD0000000000000000000000",
    "owner": "dev@example.com",
    "members": [],
    "subscription": "1000000",
    "created_at": "2026-01-01T00:00:00+00:00",
    "entropy": "NOBODYSIGNSANYTHINGWITHTHISKEY234567ABCDEFGHIJKLMNOPQRST",
    "environment": {"name": "main", "type": "production", "status": "active", "head": None, "deployment": None},
    "activities": [],
    "databases": {"db": "postgres://blog:password@127.0.0.1:5432/blog"},
    "variables": [],
}
