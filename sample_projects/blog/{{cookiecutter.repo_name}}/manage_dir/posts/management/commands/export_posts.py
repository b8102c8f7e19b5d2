import json

from django.core.management.base import BaseCommand

from posts.models import Post


class Command(BaseCommand):
    help = "Write the public posts to stdout as JSON, newest first."

    def add_arguments(self, parser):
        parser.add_argument("--include-private", action="store_true", help="Write the private posts too.")

    def handle(self, *args, include_private, **options):
        posts = Post.objects.all() if include_private else Post.objects.public()
        rows = [
            {
                "id": str(post.pk),
                "author": post.author.get_username(),
                "title": post.title,
                "body": post.body,
                "private": post.is_private,
                "created": post.created.isoformat(),
            }
            for post in posts.select_related("author")
        ]
        self.stdout.write(json.dumps(rows, indent=2))
