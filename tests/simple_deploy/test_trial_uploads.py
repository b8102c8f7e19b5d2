"""Who gets the uploads of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

MEDIA = "MEDIA_URL = '/media/'\nMEDIA_ROOT = BASE_DIR / 'media'\n"
GUARD = """
from django.conf import settings
from django.http import HttpResponseForbidden
from django.shortcuts import redirect

def before(get_response):
    def respond(request):
        return get_response(request) if request.path == "/login/" else redirect("/login/")
    return respond

class OfViews:
    def __init__(self, get_response):
        self.get_response = get_response
    def __call__(self, request):
        return self.get_response(request)
    def process_view(self, request, view, args, kwargs):
        return HttpResponseForbidden()

def slashes(get_response):
    return lambda request: redirect(f"/en{request.path}")
"""
SERVE = "from django.urls import re_path\nfrom django.views.static import serve\nfrom django.conf import settings\n"
ALWAYS = "urlpatterns += [re_path(r'^media/(?P<path>.*)$', %s, {'document_root': settings.MEDIA_ROOT})]\n"
OWN = "def own(request, path, document_root):\n    return serve(request, path, document_root=document_root)\n"
ALL = "urlpatterns += [re_path(r'^(?P<path>.*)$', own, {'document_root': ''})]\n"


@pytest.mark.parametrize(
    ("middleware", "urls", "uploads"),
    [
        ("", "", ""),
        ("blog.guard.before", "", "guarded"),
        ("blog.guard.OfViews", "", "guarded"),
        ("blog.guard.slashes", "", ""),
        ("", ALWAYS % "serve", "served"),
        ("blog.guard.before", ALWAYS % "serve", "checked"),
        ("", OWN + ALWAYS % "own", "checked"),
        ("", OWN + ALL, ""),
    ],
)
def test_what_answers_for_an_upload(checkout: Checkout, middleware: str, urls: str, uploads: str) -> None:
    more = f"MIDDLEWARE = [*MIDDLEWARE, {middleware!r}]\n" if middleware else ""
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\nALLOWED_HOSTS = ['*']\n{MEDIA}{more}")
    checkout.write("blog/guard.py", GUARD)
    checkout.write("blog/urls.py", f"{checkout.read('blog/urls.py')}\n{SERVE}{urls}")
    answer = checkout.tried("settings", "uploads")
    assert (answer["unfinished"], answer["failed"], answer["uploads"]) == ([], None, uploads)


def test_a_site_without_a_folder_for_uploads_is_not_asked(checkout: Checkout) -> None:
    assert checkout.tried("settings", "uploads")["uploads"] == ""
