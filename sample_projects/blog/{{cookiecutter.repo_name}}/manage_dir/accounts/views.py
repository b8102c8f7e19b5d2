from django.contrib.auth.forms import UserCreationForm
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.views.generic import CreateView


class Register(SuccessMessageMixin, CreateView):
    """Create an account; its owner logs in on the next page."""

    form_class = UserCreationForm
    template_name = "accounts/register.html"
    success_url = reverse_lazy("login")
    success_message = "Welcome, %(username)s. Your account is ready: log in to write."
