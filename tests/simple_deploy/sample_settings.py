"""The deployer's values for the settings of a small project, for tests that need no disk."""

from simple_deploy.model import Settings

SETTINGS = Settings(
    module="blog.settings",
    selected=True,
    path="blog/settings.py",
    depth=2,
    installed_apps=("django.contrib.admin", "django.contrib.staticfiles"),
    middleware=("django.middleware.security.SecurityMiddleware",),
    allowed_hosts=(),
    static_root=None,
    static_url="static/",
    staticfiles_dirs=(),
    staticfiles_backend="django.contrib.staticfiles.storage.StaticFilesStorage",
    database_engine="django.db.backends.sqlite3",
    prints_mail=False,
    media_root="",
    media_url="/",
    wsgi="blog.wsgi",
    django_version=(5, 2),
)
