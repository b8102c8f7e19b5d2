from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import CreateView, DetailView, ListView, UpdateView

from .models import Post

FORM_FIELDS = ["title", "body", "is_private"]


class Home(ListView):
    """What everyone can read, newest first."""

    template_name = "posts/home.html"
    queryset = Post.objects.public().select_related("author")


class MyPosts(LoginRequiredMixin, ListView):
    template_name = "posts/my_posts.html"

    def get_queryset(self):
        return Post.objects.filter(author=self.request.user)


class Read(DetailView):
    """One post; a private post of someone else does not exist, so it is a 404 and not a 403."""

    template_name = "posts/post.html"

    def get_queryset(self):
        return Post.objects.visible_to(self.request.user).select_related("author")


class Write(LoginRequiredMixin, CreateView):
    model = Post
    fields = FORM_FIELDS
    template_name = "posts/write.html"

    def form_valid(self, form):
        form.instance.author = self.request.user
        return super().form_valid(form)


class Edit(LoginRequiredMixin, UpdateView):
    fields = FORM_FIELDS
    template_name = "posts/write.html"

    def get_queryset(self):
        return Post.objects.filter(author=self.request.user)
