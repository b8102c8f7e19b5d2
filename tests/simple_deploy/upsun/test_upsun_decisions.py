"""Decisions without a disk or a platform: the Python, the parsing of a log, notes, steps, and the removal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_claims import make, wanted
from test_steps import nobody

from simple_deploy.contract import Remote, Site
from simple_deploy.model import Created, Options, Project
from simple_deploy.platforms import load
from simple_deploy.platforms._upsun.deploy_hook import ended, verdict
from simple_deploy.platforms._upsun.variables import Found as UpsunFound
from simple_deploy.production.python_version import wanted as production_python
from simple_deploy.text.shell import shown

Make = Callable[..., Project]
Options_ = Callable[..., Options]
HEAD = "0123456789abcdef0123456789abcdef01234567"
UPSUN, FIXED = load("upsun"), load("platform_sh")
ID = "abcdefghijkl2"


def pipfile(version: str) -> dict[str, Any]:
    return {"package_manager": "pipenv", "files": {"Pipfile": f"[requires]\npython_version = '{version}'\n".encode()}}


def uv(requires: str) -> dict[str, Any]:
    content = f"[project]\nname = 'blog'\nversion = '1'\nrequires-python = '{requires}'\n"
    return {"package_manager": "uv", "files": {"pyproject.toml": content.encode()}}


def python_version(text: str) -> dict[str, Any]:
    return {"files": {".python-version": text.encode()}}


# the developer's Python, the project -> the site's Python (None: refused)
PYTHONS: list[tuple[tuple[int, int], dict[str, Any], str | None]] = [
    ((3, 13), {}, "3.13"),
    ((3, 14), {}, "3.14"),
    ((3, 12), {}, "3.12"),
    ((3, 10), {}, "3.10"),
    ((3, 9), {}, "3.13"),
    ((3, 15), {}, "3.15"),
    ((3, 15), uv("<3.15"), "3.14"),
    ((3, 12), python_version("3.14\n"), "3.14"),
    ((3, 13), python_version("3.12.4\n"), "3.12"),
    ((3, 13), python_version("my-environment\n"), "3.13"),
    ((3, 12), uv(">=3.11"), "3.12"),
    ((3, 12), uv(">=3.14"), "3.14"),
    ((3, 12), uv(">=3.13.2"), "3.13"),
    ((3, 12), uv(">=3.11,<3.13"), "3.12"),
    ((3, 9), uv(">=3.9,<3.10"), None),
    ((3, 12), uv("no version at all"), "3.12"),
    ((3, 12), pipfile("3.12"), "3.12"),
    ((3, 13), pipfile("3.13"), "3.13"),
]


@pytest.mark.parametrize(("own", "shape", "site"), PYTHONS)
def test_the_selected_python(
    own: tuple[int, int], shape: dict[str, Any], site: str | None, project: Make, options: Options_
) -> None:
    made, wanted = project(**shape), options(python=own)
    problems = UPSUN.check(Site(project=made, options=wanted))
    config = UPSUN.files(Site(project=made, options=wanted))[0].edit(None)
    if site is None:
        assert [problem.code for problem in problems] == ["upsun-python-excluded"]
    else:
        assert not problems
        assert f'type: "python:{site}"\n' in config
    notes = UPSUN.notes(Site(project=made, options=wanted))
    assert any("has deprecated Python" in note for note in notes) == (site in ("3.10", "3.12"))
    assert any("so the site runs on" in note for note in notes) == (
        site is not None and site != str(production_python(made, wanted))
    )


def test_a_python_that_cannot_be_raised_is_refused_with_the_remedy(project: Make, options: Options_) -> None:
    (problem,) = FIXED.check(Site(project=project(**pipfile("3.9")), options=options(python=(3, 9))))
    assert problem.found == 'Platform.sh supports Python 3.13 and 3.14, but Pipfile allows only "==3.9.*".'
    assert problem.remedy == "Allow Python 3.13, update the lock file with that version, and commit both."


@pytest.mark.parametrize(
    ("own", "site"), [((3, 9), None), ((3, 10), "3.10"), ((3, 12), "3.12"), ((3, 13), "3.13")], ids=str
)
def test_an_old_django_runs_on_the_developers_python_or_is_refused(
    own: tuple[int, int], site: str | None, project: Make, options: Options_
) -> None:
    """The trial shows whether a version that this Django does not officially support works."""
    made = Site(project=project(django_version=(4, 1)), options=options(python=own))
    assert [problem.code for problem in UPSUN.check(made)] == ([] if site else ["upsun-django"])
    notes = [note for note in UPSUN.notes(made) if "upgrade to Django 4.2 or newer before it is removed" in note]
    assert len(notes) == (1 if site in ("3.10", "3.12") else 0)
    if site:
        assert f'type: "python:{site}"\n' in UPSUN.files(made)[0].edit(None)


def test_a_python_newer_than_the_known_ones_is_used_with_a_note(project: Make, options: Options_) -> None:
    (note,) = UPSUN.notes(Site(project=project(), options=options(python=(3, 15))))
    assert note.startswith("simple_deploy cannot tell whether Upsun supports Python 3.15: its data, from")
    assert not UPSUN.notes(Site(project=project(), options=options(python=(3, 14))))


# Upsun docs, "Build and deploy": the lines around a hook's own output.
LOG = """\
Found 1 new commit
Building application 'app' (runtime type: python:3.13, tree: 9851a01)
  Executing build hook...
    + echo 'Deploy hook finished.'
Redeploying environment main
  Opening application app and its relationships
  Executing deploy hook for application app
    + .venv/bin/python manage.py migrate --noinput
{}
  Opening environment
"""
FINISHED = "    + echo 'Deploy hook finished.'\n    Deploy hook finished."
LOGS = {
    "": ("unknown", "wait"),
    LOG.format(FINISHED): ("succeeded", "done"),
    LOG.format("    RuntimeError: no"): ("hook failed", "failed: one of the deploy hook's commands"),
    LOG.format("    + echo 'Deploy hook finished.'"): ("hook failed", "failed: one of the deploy hook's commands"),
    LOG.format("    OSError: [Errno 30] Read-only file system: '/app/x'"): ("hook failed", "failed: your code writes"),
    # The hook of the last application counts: a log may contain several.
    LOG.format(FINISHED) + LOG.format("    no"): ("hook failed", "failed: one of"),
    LOG.format("no") + LOG.format(FINISHED): ("succeeded", "done"),
    "Reusing existing build for this tree ID\n  Opening environment\n": ("succeeded", "done"),
    "  Executing build hook...\nError building project: Step failed\n": (
        "not deployed",
        "failed: the platform did not",
    ),
}


@pytest.mark.parametrize(("log", "state", "words"), [(log, *said) for log, said in LOGS.items()])
def test_the_result_of_a_push_is_in_its_log(log: str, state: str, words: str) -> None:
    assert ended(log) == state
    assert verdict(log).startswith(words)


def known(**of: Any) -> Remote:
    facts = UpsunFound(id=ID, region="eu-5.platform.sh", organization="dev")
    return Remote(account="dev@example.com", surveyed=True, app="Blog", exists=True, facts=facts, **of)


def commands(project: Project, options: Options, remote: Remote, *, commits: bool = False) -> dict[str, str]:
    """The plan: commands by the ID of the step, in brackets if it is already done."""
    steps = UPSUN.steps(Site(project=project, options=options, remote=remote, commits=commits))
    return {step.id: f"[{step.already_done}]" if step.already_done else shown(step.argv) for step in steps}


HOOK = "upsun activity:log --type environment.push --type environment.redeploy --environment ."


def test_the_steps_of_a_first_run(project: Make, options: Options_) -> None:
    remote = Remote(surveyed=True, account="a", app="Blog", facts=UpsunFound(organization="dev"))
    first = commands(project(), options(region="eu-5.platform.sh"), remote, commits=True)
    create = "upsun project:create --title Blog --region eu-5.platform.sh --org dev --default-branch main --set-remote"
    assert first == {
        "create-project": create,
        "push": "upsun push --target main --wait --yes",
        "deploy-hook": HOOK,
    }
    assert commands(project(), options(yes=True), remote)["create-project"].endswith("--set-remote --yes")


def test_when_the_price_is_confirmed(project: Make, options: Options_) -> None:
    for yes in (False, True):
        create = UPSUN.steps(
            Site(project=project(), options=options(yes=yes), remote=Remote(surveyed=True), commits=True)
        )[0]
        assert create.interactive is not yes
        assert create.cost is not None
        assert create.cost.cents is None


@pytest.mark.parametrize(
    ("release", "steps"),
    [
        ("succeeded", {"push": "[the project runs this commit]", "deploy-hook": "[it has]"}),
        (
            "repaired",
            {
                "push": "[the project runs this commit]",
                "deploy-hook": "[it had failed; the database has been migrated since]",
            },
        ),
        (
            "hook failed",
            {
                "push": "[the project runs this commit]",
                "migrate": "upsun ssh --environment . -- .venv/bin/python manage.py migrate --noinput",
            },
        ),
        ("not deployed", {"redeploy": "upsun environment:redeploy --environment . --wait --yes", "deploy-hook": HOOK}),
        ("unknown", {"push": "[the project runs this commit]", "deploy-hook": HOOK}),
    ],
)
def test_the_steps_if_this_commit_was_pushed(
    release: str, steps: dict[str, str], project: Make, options: Options_
) -> None:
    there = {"create-project": f"[found {ID} in region eu-5.platform.sh]", "link": "[it is already linked]"}
    remote = known(git_remote="upsun", deployed=HEAD, release=release)
    assert commands(project(), options(), remote) == {**there, **steps}
    push = {"push": "upsun push --target main --wait --yes", "deploy-hook": HOOK}
    assert commands(project(), options(), remote, commits=True) == {**there, **push}


def test_an_existing_project_is_linked(project: Make, options: Options_) -> None:
    assert commands(project(), options(), known())["link"] == f"upsun set-remote {ID} --yes"


def test_without_a_survey_only_the_link_is_known(project: Make, options: Options_) -> None:
    notes = {
        "the CLI's own file": {"files": {".upsun/local/project.yaml": f"# made by it\nid: {ID}\nhost: x\n".encode()}},
        "the Git remote": {"remotes": {"upsun": f"{ID}@git.eu-5.platform.sh:{ID}.git"}},
        "origin": {"remotes": {"origin": f"{ID}@git.platform.sh:{ID}.git"}},
    }
    for shape in notes.values():
        planned = commands(project(**shape), options(), Remote())
        assert planned["create-project"].startswith(f"[the folder is linked to the project {ID};")
    for url in (f"{ID}@git.platform.sh:another1234567.git", f"https://example.com/{ID}.git", ""):
        assert commands(project(remotes={"upsun": url}), options(), Remote())["create-project"].startswith("upsun")


def test_the_users_own_hook_is_not_judged(project: Make, options: Options_) -> None:
    own = {".upsun/config.yaml": b"hooks:\n  deploy: |\n    python manage.py migrate\n"}
    assert "deploy-hook" not in commands(project(files=own), options(), known())
    assert "deploy-hook" in commands(project(files=own), options(replace_files=True), known())
    (note,) = UPSUN.notes(Site(project=project(files=own), options=options(), remote=known()))
    assert "your own deploy hook is kept" in note
    finished = {".upsun/config.yaml": b"  deploy: |\n    make\n    echo 'Deploy hook finished.'\n"}
    assert "deploy-hook" in commands(project(files=finished), options(), known())


def test_notes(project: Make, options: Options_) -> None:
    (uploads,) = UPSUN.notes(Site(project=project(media_root="/srv/blog/media"), options=options()))
    assert "uploads are kept in media (MEDIA_ROOT), a mount" in uploads
    tracked = project(media_root="/srv/blog/media")
    tracked = replace(tracked, git=replace(tracked.git, tracks_uploads=True))
    (uploads,) = UPSUN.notes(Site(project=tracked, options=options()))
    assert "Files that Git has there are copied into it, unless it has them." in uploads
    with_static = project(media_root="/srv/blog/media", static_root="media/static")
    (uploads,) = UPSUN.not_working(Site(project=with_static, options=options()))
    assert "make media writable" in uploads
    elsewhere = project(media_root="/srv/pictures")
    (uploads,) = UPSUN.not_working(Site(project=elsewhere, options=options()))
    assert "uploads would go to /srv/pictures (MEDIA_ROOT), which is not below the project" in uploads
    served = project(media_root="/srv/blog/media", media_url="files/")
    (uploads,) = UPSUN.notes(Site(project=replace(served, serves_uploads=True), options=options()))
    assert "Upsun serves them at /files/, as your URLs do in development." in uploads
    (region,) = UPSUN.notes(Site(project=project(), options=options(region="us-2.platform.sh"), remote=known()))
    assert region == "the project Blog is already in the region eu-5.platform.sh and stays there."
    assert UPSUN.notes(Site(project=project(), options=options(region="eu-5.platform.sh"), remote=known())) == ()
    assert UPSUN.notes(Site(project=project(), options=options())) == ()


def test_a_django_that_does_not_support_the_raised_python(project: Make, options: Options_) -> None:
    (note,) = UPSUN.notes(Site(project=project(django_version=(4, 2)), options=options(python=(3, 9))))
    assert "runs on 3.13, which your version of Django does not officially support." in note
    (note,) = UPSUN.notes(Site(project=project(), options=options(python=(3, 9))))
    assert "runs on 3.13. Try your tests with it" in note


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ({}, "try your tests with Python 3.13, and write 3.13 into .python-version"),
        (uv("<3.13"), "allow Python 3.13 in pyproject.toml"),
        ({"django_version": (4, 1)}, "upgrade to Django 4.2 or newer"),
    ],
)
def test_a_deprecated_python_is_used_with_the_way_out(
    shape: dict[str, Any], said: str, project: Make, options: Options_
) -> None:
    (note,) = UPSUN.notes(Site(project=project(**shape), options=options(python=(3, 11))))
    assert note == f"Upsun has deprecated Python 3.11. It still works; {said} before it is removed."


def test_what_is_left_to_the_user(project: Make) -> None:
    made = project(allowed_hosts=("localhost", "www.example.com"), media_root="/srv/blog/media")
    assert len(UPSUN.not_done(Site(project=made, options=wanted()))) == 2
    assert UPSUN.not_done(Site(project=made, options=wanted()))[0].startswith(
        "www.example.com (ALLOWED_HOSTS) is not connected"
    )
    plain = replace(made.settings, allowed_hosts=(), media_root="", installed_apps=(), database_engine="")
    assert len(UPSUN.not_done(Site(project=replace(made, settings=plain), options=wanted()))) == 1


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        (("127.0.0.1", ".onrender.com", "me.pythonanywhere.com"), "No custom domain is connected; "),
        (("example.org", "onrender.com.example.org"), "example.org, onrender.com.example.org (ALLOWED_HOSTS) are not "),
    ],
)
def test_a_host_of_another_service_is_nobodys_domain(hosts: tuple[str, ...], said: str, project: Make) -> None:
    made = project(allowed_hosts=hosts)
    assert UPSUN.not_done(Site(project=made, options=wanted()))[0].startswith(said)


def test_the_address_and_the_production_branch(project: Make, options: Options_) -> None:
    address = UPSUN.address("Blog")
    assert address
    assert shown(address.argv) == "upsun url --primary --pipe --environment ."
    assert address.read("https://blog.example/\n") == "https://blog.example/"
    elsewhere = Remote(surveyed=True, app="Blog", facts=UpsunFound(branch="production"))
    assert UPSUN.placeholders(Site(project=project(), options=options(), remote=elsewhere))["branch"] == "production"
    assert commands(project(), options(), elsewhere)["push"] == "upsun push --target production --wait --yes"


def test_destroy_removes_only_what_was_created() -> None:
    app = Created(kind="app", name="Blog")
    link = Created(kind="Git remote", name="upsun")
    delete = f"upsun project:delete --project {ID} --yes"

    def here(remote: Remote) -> Site:
        return Site(project=make(Path("/srv/blog")), options=wanted(), remote=remote)

    def end(remote: Remote, *made: Created) -> list[str]:
        return [
            shown(step.argv)
            for step in UPSUN.destroy(
                nobody, Site(project=make(Path("/srv/blog")), options=wanted(), remote=remote), made
            )
        ]

    assert end(known(git_remote="upsun"), app, link) == [delete, "upsun set-remote - --yes"]
    assert end(known(), app, link) == [delete]
    assert end(known(git_remote="upsun"), link) == ["upsun set-remote - --yes"]
    assert end(Remote(app="Blog"), app, link) == []


@pytest.mark.parametrize("platform", [UPSUN, FIXED])
def test_each_product_has_its_own_texts(platform: Any) -> None:
    cli, other = {"upsun": ("upsun", "platform"), "platform_sh": ("platform", "upsun")}[platform.id]
    texts = platform.guide
    how_to = [texts.logs, texts.console, texts.superuser, texts.variable, texts.domain, texts.backup]
    lines = [command for one in how_to for command in one.commands]
    assert {line.partition(" ")[0] for line in lines} == {cli}
    whole = repr([*lines, texts.destroy, *texts.differences, *texts.checklist])
    assert not re.search(rf"`{other} ", whole)
    assert all(link.address.startswith("https://") and link.why.endswith(".") for link in texts.reading)
