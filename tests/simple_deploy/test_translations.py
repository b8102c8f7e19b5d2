"""What the build compiles: translations of which Git has the source, and Sass."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sample_settings import SETTINGS
from test_claims import FLY, HEROKU, UPSUN, make, wanted

from simple_deploy.contract import Platform, Site
from simple_deploy.trial.child.parts.translations import attempt

PO = "locale/de/LC_MESSAGES/django.po"
COMPILE = "python manage.py compilemessages --ignore '.*'"


def a_site(*uncompiled: str, files: dict[str, bytes | None] | None = None, **settings: Any) -> Site:
    project = make(Path("/srv/blog"))
    git = replace(project.git, uncompiled=uncompiled)
    project = replace(
        project, git=git, settings=replace(SETTINGS, **settings), files={**project.files, **(files or {})}
    )
    return Site(project=project, options=wanted())


def written(platform: Platform, path: str, site: Site) -> str:
    return "".join(edit.edit(None) for edit in platform.files(site) if edit.path == path)


def test_each_platform_compiles_translations_in_its_build() -> None:
    image = written(FLY, "Dockerfile", a_site(PO))
    assert "--no-install-recommends gettext" in image.partition("FROM python")[2].partition("FROM python")[2]
    assert f" {COMPILE}\n" in image.partition("collectstatic")[2]
    assert written(HEROKU, "bin/post_compile", a_site(PO)).endswith(f"\n{COMPILE}\n")
    hook = written(UPSUN, ".upsun/config.yaml", a_site(PO))
    assert f".venv/bin/{COMPILE}\n        fi\n" in hook.partition("if command -v msgfmt; then\n")[2]


def test_compiled_translations_in_git_are_not_compiled_again() -> None:
    assert a_site().recipe.translate == ()
    assert "gettext" not in written(FLY, "Dockerfile", a_site())
    assert written(HEROKU, "bin/post_compile", a_site()) == ""
    assert "msgfmt" not in written(UPSUN, ".upsun/config.yaml", a_site())


def test_translations_are_compiled_without_static_files() -> None:
    site = a_site(PO, installed_apps=())
    assert written(HEROKU, "bin/post_compile", site).endswith(f"\n{COMPILE}\n")
    assert COMPILE in written(FLY, "Dockerfile", site)


def test_a_note_has_the_remedy_if_upsun_cannot_compile_them() -> None:
    (note,) = (note for note in UPSUN.notes(a_site(PO)) if "translations" in note)
    assert note.endswith("git add --force locale/de/LC_MESSAGES/django.mo")
    many = " ".join(UPSUN.notes(a_site(*(f"{name}/{PO}" for name in "abcd"))))
    assert "c/locale/de/LC_MESSAGES/django.mo and so on" in many and "d/locale" not in many
    assert not any("translations" in note for note in UPSUN.notes(a_site()))


def test_the_users_own_dockerfile_may_not_compile_them() -> None:
    own = b"FROM python:3.13\nENV ON_FLY_IO=1\nRUN python manage.py collectstatic --noinput\nCMD gunicorn blog.wsgi\n"
    (note,) = (note for note in FLY.not_working(a_site(PO, files={"Dockerfile": own})) if "translations" in note)
    assert note.endswith(f"add a line: RUN {COMPILE}")
    does = own + f"RUN {COMPILE}\n".encode()
    assert not any("translations" in note for note in FLY.not_working(a_site(PO, files={"Dockerfile": does})))


def test_sass_is_compiled_before_static_files_are_collected() -> None:
    site = a_site(installed_apps=(*SETTINGS.installed_apps, "sass_processor.apps.SassProcessorConfig"))
    assert [argv[2] for argv in site.recipe.build] == ["compilescss", "collectstatic"]
    # Heroku has collected static files before its hook runs.
    hook = written(HEROKU, "bin/post_compile", site)
    assert hook.endswith("\npython manage.py compilescss\npython manage.py collectstatic --noinput\n")


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs GNU gettext")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('msgid "a"\nmsgstr "b"\n', ""),
        ('#, python-format\nmsgid "%s"\nmsgstr "%d"\n', f"{PO}:3: "),
        ('\ufeffmsgid "a"\n', f"The {PO} file has a BOM"),
    ],
)
def test_the_trial_finds_errors_that_would_stop_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (PO, f".venv/{PO}"):
        (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / PO).write_text(text, encoding="utf-8")
    (tmp_path / f".venv/{PO}").write_text("not read", encoding="utf-8")
    found: dict[str, list[str]] = {"untranslated": []}
    attempt({"tree": str(tmp_path)}, found)
    assert said in "\n".join(found["untranslated"]) and bool(found["untranslated"]) is bool(said)
