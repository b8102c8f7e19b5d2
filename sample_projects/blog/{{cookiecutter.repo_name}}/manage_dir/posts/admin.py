from django.contrib import admin

from .models import Post


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "is_private", "created"]
    list_filter = ["is_private", "created"]
    search_fields = ["title", "body"]
