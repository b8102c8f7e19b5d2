import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse


class PostQuerySet(models.QuerySet):
    def public(self):
        return self.filter(is_private=False)

    def visible_to(self, user):
        """The public posts and, for a logged-in user, their own private ones."""
        if not user.is_authenticated:
            return self.public()
        return self.filter(models.Q(is_private=False) | models.Q(author=user))


class Post(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts")
    title = models.CharField(max_length=120)
    body = models.TextField()
    is_private = models.BooleanField("private", default=False, help_text="Only you can read a private post.")
    created = models.DateTimeField(auto_now_add=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("post", args=[self.pk])
