from django.contrib.auth import login
from django.contrib.auth.forms import UserCreationForm
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.views.generic import CreateView


class Register(SuccessMessageMixin, CreateView):
    """Create an account and log its owner in."""

    form_class = UserCreationForm
    template_name = "accounts/register.html"
    success_url = reverse_lazy("my_posts")
    success_message = "Welcome, %(username)s. Your account is ready."

    def form_valid(self, form):
        response = super().form_valid(form)
        login(self.request, self.object)
        return response
