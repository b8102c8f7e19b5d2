import json
from io import StringIO

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import RequestFactory, TestCase
from django.urls import reverse
from django.views.defaults import server_error

from .models import Post


class BlogTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = User.objects.create_user("ada")
        cls.ben = User.objects.create_user("ben")
        cls.public = Post.objects.create(author=cls.ada, title="Open window", body="For everybody.")
        cls.private = Post.objects.create(author=cls.ada, title="Shut drawer", body="For me.", is_private=True)


class ReadingTests(BlogTestCase):
    def test_home_shows_public_posts_only_even_to_their_author(self):
        for user in (None, self.ben, self.ada):
            if user:
                self.client.force_login(user)
            home = self.client.get(reverse("home"))
            self.assertContains(home, self.public.title)
            self.assertNotContains(home, self.private.title)

    def test_a_private_post_exists_for_its_author_only(self):
        address = self.private.get_absolute_url()
        self.assertEqual(self.client.get(address).status_code, 404)
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get(address).status_code, 404)
        self.client.force_login(self.ada)
        self.assertContains(self.client.get(address), self.private.body)

    def test_posts_come_newest_first(self):
        newer = Post.objects.create(author=self.ben, title="Later", body="Newer.")
        self.assertEqual(list(Post.objects.public()), [newer, self.public])


class WritingTests(BlogTestCase):
    def test_writing_needs_an_account(self):
        response = self.client.get(reverse("write"))
        self.assertRedirects(response, f"{reverse('login')}?next={reverse('write')}")

    def test_a_new_post_belongs_to_its_writer(self):
        self.client.force_login(self.ben)
        page = self.client.post(reverse("write"), {"title": "Hello", "body": "First\n\nSecond"}, follow=True)
        self.assertContains(page, "<p>Second</p>", html=True)
        self.assertEqual(Post.objects.get(title="Hello").author, self.ben)

    def test_my_posts_shows_both_kinds(self):
        self.client.force_login(self.ada)
        page = self.client.get(reverse("my_posts"))
        self.assertContains(page, self.public.title)
        self.assertContains(page, self.private.title)

    def test_only_the_author_edits(self):
        address = reverse("edit", args=[self.public.pk])
        change = {"title": "Wide open window", "body": "For everybody."}
        self.client.force_login(self.ben)
        self.assertEqual(self.client.post(address, change).status_code, 404)
        self.client.force_login(self.ada)
        self.assertRedirects(self.client.post(address, change), self.public.get_absolute_url())
        self.public.refresh_from_db()
        self.assertEqual(self.public.title, "Wide open window")


class ErrorPageTests(TestCase):
    def test_an_unknown_page_is_told_in_the_style_of_the_site(self):
        response = self.client.get("/no-such-page/")
        self.assertContains(response, "This page wandered off", status_code=404)
        self.assertContains(response, "css/site.css", status_code=404)

    def test_a_failure_is_told_without_details(self):
        response = server_error(RequestFactory().get("/"))
        self.assertContains(response, "Something broke on our side", status_code=500)


class ExportTests(BlogTestCase):
    def export(self, *options):
        out = StringIO()
        call_command("export_posts", *options, stdout=out)
        return [row["title"] for row in json.loads(out.getvalue())]

    def test_only_public_posts_are_exported_unless_asked(self):
        self.assertEqual(self.export(), ["Open window"])
        self.assertEqual(self.export("--include-private"), ["Shut drawer", "Open window"])
