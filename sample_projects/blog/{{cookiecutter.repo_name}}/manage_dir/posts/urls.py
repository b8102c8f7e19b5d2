from django.urls import path

from . import views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("posts/mine/", views.MyPosts.as_view(), name="my_posts"),
    path("posts/new/", views.Write.as_view(), name="write"),
    path("posts/<uuid:pk>/", views.Read.as_view(), name="post"),
    path("posts/<uuid:pk>/edit/", views.Edit.as_view(), name="edit"),
]
