from django.contrib.auth.models import User
from django.test import TestCase
from django.urls import reverse

PASSWORD = "a-long-walk-uphill"


class AccountTests(TestCase):
    def test_a_visitor_registers_logs_out_and_logs_in(self):
        registered = self.client.post(
            reverse("register"), {"username": "ada", "password1": PASSWORD, "password2": PASSWORD}, follow=True
        )
        self.assertContains(registered, "Your account is ready")
        self.assertRedirects(registered, reverse("my_posts"))
        self.assertContains(registered, "Log out")

        logged_out = self.client.post(reverse("logout"), follow=True)
        self.assertRedirects(logged_out, reverse("home"))
        self.assertContains(logged_out, "Log in")

        logged_in = self.client.post(
            reverse("login"), {"username": "ada", "password": PASSWORD}, follow=True
        )
        self.assertRedirects(logged_in, reverse("my_posts"))

    def test_a_weak_password_is_explained(self):
        response = self.client.post(
            reverse("register"), {"username": "ada", "password1": "1234", "password2": "1234"}
        )
        self.assertContains(response, "too short")
        self.assertFalse(User.objects.exists())
