"""The one page, which asks the database."""

from django.contrib.auth import get_user_model
from django.shortcuts import render
from django.urls import path


def home(request):
    """How many users there are."""
    return render(request, "home.html", {"users": get_user_model().objects.count()})


urlpatterns = [path("", home)]
