"""A Django project that is small enough to deploy in every test, and an emulated Fly.io to deploy it to."""

import json
import ssl
import sys
import threading
from typing import Any

import httpx

from matrix.emulators.fly_io.state import App, State
from matrix.sandbox.machine import Ran, Sandbox
from matrix.sandbox.processes import wait_until

APP = "blog-prod"
HOST = f"{APP}.fly.dev"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

SETTINGS = """
import os
import dj_database_url

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = [os.environ.get("FLY_APP_NAME", "nowhere") + ".fly.dev"]
INSTALLED_APPS = ["visits"]
ROOT_URLCONF = "web"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {"default": dj_database_url.config(default="sqlite:////tmp/none")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
WEB = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path
from django.core.wsgi import get_wsgi_application

def home(request):
    from visits.models import Visit
    Visit.objects.create()
    writable = os.access("/app/web.py", os.W_OK)
    return JsonResponse({
        "text": TEXT, "visits": Visit.objects.count(), "uid": os.getuid(), "folder": os.getcwd(), "writable": writable,
        "env": dict(os.environ), "scheme": request.headers.get("X-Forwarded-Proto"), "built": open("/app/built").read(),
    })

def slow(request):
    # Goes on until another machine has started, and a little longer.
    from visits.models import Visit
    before = Visit.objects.count()
    open("/tmp/slow", "w").close()
    deadline = time.monotonic() + 60
    while Visit.objects.count() == before and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    return HttpResponse("finished")

def redirects(request):
    return HttpResponseRedirect("/")

def healthy(request):
    request.get_host()
    return HttpResponse("ok")

urlpatterns = [path("", home), path("slow/", slow), path("redirects/", redirects), path("healthz/", healthy)]
TEXT = "first"
application = get_wsgi_application()
if "gunicorn" in sys.argv[0]:
    from visits.models import Visit
    Visit.objects.create()
"""
DOCKERFILE = f"""\
FROM python:{VERSION}-slim AS builder
WORKDIR /app
COPY requirements.txt ./
ENV PIP_CACHE_DIR=/cache
RUN --mount=type=cache,target=/cache python -m venv .venv && .venv/bin/pip install -q -r requirements.txt

FROM python:{VERSION}-slim
RUN useradd --system --uid 999 app
WORKDIR /app
COPY --from=builder /app/.venv ./.venv
ENV PATH="/app/.venv/bin:$PATH" \\
    PYTHONDONTWRITEBYTECODE=1
COPY . .
RUN SECRET_KEY=build python -c "import os; print(dict(os.environ), os.getuid())" > built
USER app
CMD ["gunicorn", "--workers", "1", "--threads", "4", "--graceful-timeout", "20", "web"]
"""
FLY_TOML = f"""\
app = '{APP}'
primary_region = 'iad'
kill_signal = 'SIGTERM'
kill_timeout = '25s'

[build]

[deploy]
  release_command = 'python manage.py migrate --noinput'

[env]
  PORT = '8080'

[http_service]
  internal_port = 8080
  force_https = true

  [[http_service.checks]]
    grace_period = '10s'
    interval = '15s'
    timeout = '5s'
    method = 'GET'
    path = '/healthz/'

    [http_service.checks.headers]
      Host = '{HOST}'
      X-Forwarded-Proto = 'https'
"""
FILES = {
    "requirements.txt": "django==5.2.*\ngunicorn\ndj-database-url\npsycopg[binary]\n",
    "manage.py": """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""",
    "settings.py": SETTINGS,
    "web.py": WEB,
    "visits/__init__.py": "",
    "visits/models.py": "from django.db import models\n\nclass Visit(models.Model):\n    pass\n",
    "visits/migrations/__init__.py": "",
    "visits/migrations/0001_initial.py": """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Visit", [("id", models.BigAutoField(primary_key=True))])]
""",
    "Dockerfile": DOCKERFILE,
    ".dockerignore": ".git\nignored\n",
    "fly.toml": FLY_TOML,
}


class Project:
    """A folder in a sandbox, with an app, an attached database and a secret key on Fly.io; not deployed yet."""

    def __init__(self, box: Sandbox, *, database: bool = True) -> None:
        self.box = box
        self.state = State(box.root)
        self.folder = box.work / APP
        self.write(FILES)
        self.fly("apps", "create", APP, "--org", "personal")
        if database:
            create_cluster(box, f"{APP}-db")
            self.fly("postgres", "attach", f"{APP}-db", "--app", APP, "--yes")
        self.fly("secrets", "import", "--app", APP, "--stage", stdin="SECRET_KEY=very-secret\n")

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write({name: text.replace(old, new)})

    def fly(self, *words: str, check: bool = True, stdin: str | None = None) -> Ran:
        return self.box.run(["fly", *words], cwd=self.folder, check=check, input=stdin)

    def deploy(self, *words: str, check: bool = True) -> Ran:
        return self.fly("deploy", "--app", APP, "--ha=false", "--yes", *words, check=check)

    def refused(self, *words: str) -> str:
        """The error of a deployment that fails."""
        done = self.deploy(*words, check=False)
        assert done.returncode == 1, done.stderr
        return done.stderr.rpartition("Error: ")[2].strip()

    @property
    def found(self) -> App:
        return self.state.read()["apps"][APP]

    def limit(self, **seconds: float) -> None:
        with self.state.change() as platform:
            platform["limits"].update(seconds)  # type: ignore[typeddict-item]

    def get(self, path: str = "/", scheme: str = "https", host: str = HOST, header: str = "") -> httpx.Response:
        """The app's response through the router, as for a developer's browser."""
        trust = ssl.create_default_context(cafile=self.box.env["SSL_CERT_FILE"])
        headers = {"Host": header} if header else {}
        with httpx.Client(proxy=self.box.sites.router_url, verify=trust, trust_env=False, timeout=300) as client:
            return client.get(f"{scheme}://{host}{path}", headers=headers)

    def seen(self) -> dict[str, Any]:
        """What the app observes."""
        answer = self.get()
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def visit_while_restarting(self) -> httpx.Response:
        """The response to a request in progress while the app's machine is replaced."""
        answers: list[httpx.Response] = []
        visitor = threading.Thread(target=lambda: answers.append(self.get("/slow/")))
        visitor.start()
        machines = self.state.app_folder(APP) / "machines"
        assert wait_until(lambda: any(machines.glob("*/fs/tmp/slow")), 300)
        done = self.fly("secrets", "unset", "NOTHING", "--app", APP)
        assert "Building" not in done.stderr and "release_command" not in done.stderr
        visitor.join()
        return answers[0]

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.fly("status", "--app", APP, "--json").stdout))


def create_cluster(box: Sandbox, name: str) -> Ran:
    sizes = ("--initial-cluster-size", "1", "--vm-size", "shared-cpu-1x", "--volume-size", "1")
    return box.run(["fly", "postgres", "create", "--name", name, "--org", "personal", "--region", "iad", *sizes])
