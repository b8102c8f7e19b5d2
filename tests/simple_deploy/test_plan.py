"""What a plan commits, refuses and keeps: a project and a platform's state, without a disk."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from test_claims import HEROKU, UPSUN, make, wanted
from test_settings_block import a_project

from simple_deploy import package_managers
from simple_deploy.contract import Remote, Site
from simple_deploy.model import Git, GitEntry, Options, Project, Purpose, Secret, Tried
from simple_deploy.package_managers import Known
from simple_deploy.plan import Planned, plan
from simple_deploy.plan.not_working import of_trial, unserved_uploads
from simple_deploy.plan.notes import of_project
from simple_deploy.platforms import installed, load
from simple_deploy.platforms._upsun.variables import Found as UpsunFound
from simple_deploy.platforms.fly_io.databases import Found as FlyFound
from simple_deploy.text.sealed_file import sealed

HEAD = "0123456789abcdef0123456789abcdef01234567"
FILES: dict[str, bytes | None] = {
    "requirements.txt": b"# production\n-r base.txt\n",
    "base.txt": b"Django\n",
    "blog/settings.py": b"DEBUG = True\n",
}


def planned(
    files: dict[str, bytes | None] = FILES, platform: str = "heroku", remote: Remote | None = None, **of: Any
) -> Planned:
    """The plan; `of` are values of Options or Git."""
    names = ("ignore_unclean_git", "replace_files", "database", "organization")
    chosen = {name: of.pop(name) for name in names if name in of}
    settings, locks, tried = of.pop("settings", a_project()), of.pop("locks", {}), of.pop("tried", Tried())
    dependencies, problems = package_managers.detect(Known(files))
    assert dependencies and not problems
    project = Project(
        root=Path("/srv/blog"),
        manage_dir=".",
        git=Git(**{"head": HEAD, "branch": "main", "first_commit": HEAD, **of}),
        settings=settings,
        dependencies=dependencies,
        files=files,
        tried=tried,
    )
    options = Options(
        manage_py=Path("/srv/blog/manage.py"),
        settings_module="blog.settings",
        secret_key=Secret("s"),
        now=datetime(2006, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        python=(3, 13),
        purpose=Purpose.DEPLOY,
        **chosen,
    )
    return plan(Site(project=project, options=options, remote=remote or Remote(app="blog")), load(platform), locks)


def written(before: Planned, files: dict[str, bytes | None] = FILES) -> dict[str, bytes | None]:
    """The files after that plan."""
    return {**files, **{change.path: change.after for change in before.plan.changes}}


# Each platform's output when it runs the commit that is checked out.
UP_TO_DATE = {
    "heroku": {"variables": frozenset({"SECRET_KEY", "ON_HEROKU"})},
    "fly_io": {"variables": frozenset({"SECRET_KEY"}), "facts": FlyFound(organization="personal")},
    "upsun": {"facts": UpsunFound(id="x", region="eu-5")},
}
UP_TO_DATE["platform_sh"] = UP_TO_DATE["upsun"]


@pytest.mark.parametrize("platform", installed())
def test_a_new_commit_is_always_deployed(platform: str) -> None:
    """Even if the platform runs the previous commit: otherwise the run would report "online" without its own commit."""
    remote = Remote(
        **{"account": "a", "surveyed": True, "app": "blog", "exists": True, "database": "there"},
        **{"deployed": HEAD, "release": "succeeded", "git_remote": "there", **UP_TO_DATE[platform]},
    )
    first = planned(platform=platform, remote=remote)
    sending = [step for step in first.plan.steps if step.id in ("push", "deploy")]
    assert [step.already_done for step in sending] == [None]
    done = planned(written(first), platform=platform, remote=remote)
    assert [step.id for step in done.plan.steps if step.id.startswith(("git-", "check-"))] == (
        ["git-remote"] if platform == "heroku" else []
    )
    sending = [step for step in done.plan.steps if step.id in ("push", "deploy")]
    assert all(step.already_done for step in sending), [step.argv for step in sending]


@pytest.mark.parametrize("state", ["added", "modified", "untracked"])
def test_files_of_an_earlier_run_are_committed(state: str) -> None:
    entry = GitEntry(path="Procfile", state=state)  # type: ignore[arg-type]
    again = planned(written(planned()), entries=(entry,))
    assert not again.problems
    assert again.staged == ("Procfile",)


def test_a_file_equal_to_head_is_not_committed_again() -> None:
    """A hook that formats and stages a file leaves the index behind: git status lists the file."""
    first = written(planned())
    blob = hashlib.sha1(b"blob %d\0" % len(first["Procfile"]) + first["Procfile"]).hexdigest()
    procfile = GitEntry(path="Procfile", state="modified", committed=blob)
    other = GitEntry(path=".python-version", state="modified", committed="0" * 40)
    for entries, added, committed in (((procfile,), 1, ()), ((other, procfile), 2, (".python-version",))):
        again = planned(first, entries=entries)
        assert (again.problems, len(again.staged)) == ((), added)
        named = {step.id: step.argv[step.argv.index("--") + 1 :] for step in again.plan.steps if "--" in step.argv}
        assert (named["git-add"], named.get("git-commit", ())) == (again.staged, committed)


@pytest.mark.parametrize("state", ["deleted", "renamed", "conflict"])
def test_a_conflicted_renamed_or_deleted_file_belongs_to_the_user(state: str) -> None:
    entry = GitEntry(path="Procfile", state=state)  # type: ignore[arg-type]
    again = planned(written(planned()), entries=(entry,))
    assert [problem.code for problem in again.problems] == ["git-unclean"]
    assert again.staged == ()


def test_git_must_have_every_file_that_production_needs() -> None:
    first = planned()
    needed = {".python-version", "Procfile", "base.txt", "blog/settings.py", "requirements.txt"}
    assert set(first.contents) == needed
    assert set(first.staged) == needed - {"requirements.txt"}
    later = planned(written(first))
    assert (later.contents, later.staged) == (first.contents, ())


def test_the_tools_own_files_are_committed_although_git_ignores_them() -> None:
    for files in (FILES, written(planned())):
        forced = planned(files, ignored=frozenset({".python-version", "Procfile"}))
        assert not forced.problems
        assert {"Procfile", ".python-version"} <= set(forced.staged)
        assert forced.plan.steps[0].argv[:4] == ("git", "add", "--force", "--")
        assert (
            "Git ignores .python-version, Procfile; the platform needs them, so they are added with git add --force."
            in forced.plan.notes
        )


def test_a_file_of_another_case_is_one_file_on_some_computers() -> None:
    at_root = frozenset({"procfile", "requirements.txt"})
    apart = planned(at_root=at_root)
    assert [note for note in apart.plan.notes if "procfile" in note] == [
        "Git has procfile, which Heroku does not read: it reads Procfile, which this run writes. Remove procfile: on "
        "Windows and macOS, the two are one file."
    ]
    same = planned({**FILES, "Procfile": b"web: python manage.py runserver\n"}, at_root=at_root)
    assert [problem.code for problem in same.problems] == ["other-case"]
    assert "git mv procfile Procfile" in same.problems[0].remedy
    again = planned(
        {**FILES, "Procfile": b"web: x\n"}, at_root=at_root, entries=(GitEntry(path="Procfile", state="untracked"),)
    )
    assert "other-case" not in [problem.code for problem in again.problems]
    assert any(note.startswith("Git has procfile, which") for note in again.plan.notes)
    both = planned(at_root=at_root | {"Procfile"})
    assert not both.problems and not [note for note in both.plan.notes if "procfile" in note]


@pytest.mark.parametrize("path", ["blog/settings.py", "requirements.txt", "base.txt", ".python-version"])
def test_the_users_own_ignored_files_are_not_committed(path: str) -> None:
    files = {**FILES, ".python-version": b"3.12.4\n"}
    refused = planned(files, ignored=frozenset({path}))
    assert [problem.code for problem in refused.problems] == ["git-ignored"]
    assert path in refused.problems[0].found
    assert path not in refused.contents
    assert "--force" not in refused.plan.steps[0].argv


def test_the_folder_is_compared_if_the_platform_builds_it() -> None:
    checks = {
        platform: [step.id for step in planned(platform=platform).plan.steps if step.id.startswith("check-")]
        for platform in installed()
    }
    assert checks.pop("fly_io") == ["check-commit", "check-folder"]
    assert all(found == ["check-commit"] for found in checks.values())


def test_results_of_the_comparisons() -> None:
    steps = {step.id: step for step in planned(platform="fly_io").plan.steps}
    commit, folder = steps["check-commit"].poll, steps["check-folder"].poll
    assert commit and folder
    assert commit.verdict("").startswith("shows that the commit differs from the plan: ")
    assert folder.verdict("") == "done"
    assert folder.verdict("fly.toml\0blog/settings.py\0") == (
        "shows that the folder differs from the commit: fly.toml, blog/settings.py"
    )


def test_notes_list_what_happens_to_uncommitted_files() -> None:
    entries = tuple(GitEntry(path=path, state="modified") for path in ("blog/settings.py", "notes.txt"))
    assert [problem.code for problem in planned(entries=entries).problems] == ["git-unclean"]
    for platform, fate in (("heroku", "neither committed nor deployed"), ("fly_io", "not committed, but deployed")):
        made = planned(platform=platform, remote=Remote(app="blog"), entries=entries, ignore_unclean_git=True)
        assert not made.problems
        mixed = "your uncommitted changes in blog/settings.py will be committed together with ours."
        assert [note for note in made.plan.notes if "uncommitted" in note] == [mixed]
        (kept,) = (line for line in made.plan.not_done if "uncommitted" in line)
        assert fate in kept
        assert kept.endswith(": notes.txt")


def test_a_generated_file_is_updated_until_the_user_changes_it() -> None:
    first = written(planned(platform="fly_io"))
    assert "Dockerfile" not in {change.path for change in planned(first, platform="fly_io").plan.changes}
    older = sealed("FROM scratch\n").encode()
    for content, replaced, given in (
        (older, True, {}),
        (older + b"RUN mine\n", False, {}),
        (b"\xff\xfe\xff", False, {}),
        (older + b"RUN mine\n", True, {"replace_files": True}),
    ):
        made = planned({**first, "Dockerfile": content}, platform="fly_io", **given)
        assert ("Dockerfile" in {change.path for change in made.plan.changes}) == replaced
        assert ("Dockerfile" in {change.path for change in made.plan.kept}) != replaced


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"A = 1\n# >>> simple_deploy: heroku >>>\n", "broken-block"),
        (b"# -*- coding: nonsense -*-\n", "not-text"),
    ],
)
def test_a_settings_file_that_cannot_be_edited_is_a_problem(content: bytes, code: str) -> None:
    assert code in [problem.code for problem in planned({**FILES, "blog/settings.py": content}).problems]


def test_the_id_of_the_app_goes_into_the_plan() -> None:
    assert planned(remote=Remote(app="blog", id="6f4c")).plan.app_id == "6f4c"
    assert planned(remote=Remote(app="blog")).plan.app_id is None


LOCKED = b'[[package]]\nname = "django"\nversion = "5.2"\n'
EXPORTED: dict[str, bytes | None] = {
    **FILES,
    "requirements.txt": b"django==5.2\n",
    "pyproject.toml": b'[project]\nname = "blog"\nversion = "1"\ndependencies = ["django"]\n',
    "uv.lock": LOCKED,
}


DEVELOPMENT = {
    "requirements.txt": b"-r requirements/development.txt\n",
    "requirements/base.txt": b"Django>=5.2\n",
    "requirements/development.txt": b"-r base.txt\nipdb\n",
    "requirements/production.txt": b"-r base.txt\nsentry-sdk\n",
}
LEADS = (
    "requirements.txt leads to requirements/development.txt, so production installs what is for development, and not "
    "requirements/production.txt. To change that, write -r requirements/production.txt in requirements.txt, "
    "and run simple_deploy again."
)


@pytest.mark.parametrize(
    ("changed", "noted"),
    [
        ({}, True),
        ({"requirements.txt": b"-r requirements/production.txt\n"}, False),
        ({"requirements.txt": None}, False),
        ({"requirements/production.txt": None}, False),
        ({"requirements.txt": b"-r requirements/base.txt\n"}, False),
        ({"requirements/production.txt": None, "requirements/tests.txt": b"-r base.txt\n"}, False),
    ],
)
def test_requirements_for_development_are_noted_where_there_are_others_for_production(
    changed: dict[str, bytes | None], noted: bool
) -> None:
    for platform in ("heroku", "fly_io"):
        notes = planned({**FILES, **DEVELOPMENT, **changed}, platform).plan.notes
        assert (LEADS in notes) is noted
        assert noted or not any("leads to" in note for note in notes)


def test_files_of_other_package_managers_are_noted_and_kept_out_of_the_build() -> None:
    elsewhere = planned(EXPORTED, "fly_io")
    assert "production is installed from uv.lock. Not used: requirements.txt." in elsewhere.plan.notes
    ignored = {name: written(planned(EXPORTED, name), EXPORTED).get(".slugignore") for name in ("fly_io", "heroku")}
    assert ignored == {"fly_io": None, "heroku": b"/requirements.txt\n"}
    own: dict[str, bytes | None] = {**EXPORTED, ".slugignore": b"/docs\n/requirements.txt\n"}
    assert written(planned(own), own)[".slugignore"] == own[".slugignore"]


def test_packages_that_are_too_large_for_a_slug_are_named() -> None:
    found = planned(tried=Tried(large=(("torch==2.15.0", 539_172_785), ("triton==3.9.0", 285_674_620))))
    [problem] = [one for one in found.problems if one.code == "heroku-slug-size"]
    assert problem.found == (
        "Your packages have about 824 MB as wheels, and Heroku rejects more than 500 MB: torch==2.15.0 (539 MB), "
        "triton==3.9.0 (285 MB)."
    )
    small = planned(tried=Tried(large=(("tensorflow-cpu==2.15.1", 207_300_000),)))
    assert not [one for one in small.problems if one.code == "heroku-slug-size"]


@pytest.mark.parametrize(
    ("tracked", "told"),
    [(True, "your URLs serve uploads, and the files that Git has in media"), (False, "your URLs serve uploads in")],
)
def test_uploads_that_only_development_serves_are_noted(tracked: bool, told: str, tmp_path: Path) -> None:
    made = make(tmp_path)
    git = replace(made.git, tracks_uploads=tracked)
    made = replace(made, git=git, settings=replace(made.settings, media_root=str(made.root / "media")))
    for served, platform, noted in ((True, HEROKU, True), (False, HEROKU, False), (True, UPSUN, False)):
        site = Site(project=replace(made, serves_uploads=served), options=wanted())
        assert [note.startswith(told) for note in unserved_uploads(site, platform)] == [True] * noted


def test_a_folder_of_uploads_outside_of_the_project_is_noted(tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, settings=replace(made.settings, media_root="/srv/uploads"))
    for platform, noted in ((HEROKU, True), (UPSUN, False)):
        notes = [*unserved_uploads(Site(project=made, options=wanted()), platform)]
        assert [note.startswith("/srv/uploads (MEDIA_ROOT) is not below the project") for note in notes] == [
            True
        ] * noted


def test_a_relative_folder_of_uploads_is_in_the_folder_of_manage_py(tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, settings=replace(made.settings, media_root="storage"))
    assert made.media == (f"{made.manage_dir}/storage" if made.nested else "storage")
    assert [*unserved_uploads(Site(project=made, options=wanted()), HEROKU)] == []


def test_notes_on_uploads_need_visitors_who_can_upload(tmp_path: Path) -> None:
    made = make(tmp_path)
    made = replace(made, settings=replace(made.settings, media_root="/srv/uploads"), serves_uploads=True)
    for takes, count in ((True, 2), (False, 0)):
        site = Site(project=replace(made, tried=Tried(takes_uploads=takes)), options=wanted())
        assert len([*unserved_uploads(site, HEROKU)]) == count


def test_tasks_that_run_at_once_need_no_worker() -> None:
    files = {**FILES, "requirements.txt": b"Django\ncelery\n", "Procfile": b"queue: celery -A blog worker\n"}
    for eager, count in ((False, 1), (True, 0)):
        left = planned(files, tried=Tried(eager=eager)).plan.not_done
        assert len([line for line in left if line.startswith("No worker process is started")]) == count


def test_simple_deploy_in_the_requirements_is_noted() -> None:
    frozen = planned({**FILES, "requirements.txt": b"Django\nsimple-deploy==0.1\n"})
    said = "requirements.txt lists simple-deploy, which production does not need. Remove that line."
    assert said in frozen.plan.notes
    assert not any("simple-deploy" in note for note in planned().plan.notes)


def test_django_is_added_if_nothing_declares_it() -> None:
    after = written(planned({**FILES, "requirements.txt": b"whitenoise\n"}))["requirements.txt"] or b""
    assert b"Django~=5.2.0\n" in after
    assert b"Django~=" not in (written(planned())["requirements.txt"] or b"")


def notes(platform: str = "heroku", **given: Any) -> list[str]:
    """The additional notes, and what does not work yet."""
    usual, plan = planned(platform=platform).plan, planned(platform=platform, **given).plan
    return [note for note in (*plan.not_working, *plan.notes) if note not in (*usual.not_working, *usual.notes)]


IGNORING: dict[str, bytes | None] = {**FILES, ".gitignore": b"*.log\n"}


def test_untracked_byproducts_are_noted() -> None:
    usual = {"files": IGNORING, "byproducts": ("__pycache__/",)}
    assert notes(**usual) == [
        "These files should not be in a repository: __pycache__/; they are not committed. With a line in .gitignore, "
        "Git ignores them."
    ]
    made = {"byproducts": ("old.pyc", "my env/"), "files": IGNORING}
    named = "These files should not be in a repository: old.pyc, my env/; they are not committed"
    hidden = "With lines in .gitignore, Git ignores them."
    assert notes("fly_io", **made) == [f"{named}, and .dockerignore keeps them out of the image. {hidden}"]
    other_image = {**IGNORING, "fly.toml": b"app = 'blog'\n\n[build]\n  builder = 'x'\n"}
    made["files"] = other_image
    assert f"{named}; keep them out of the image yourself. {hidden}" in notes("fly_io", **made)


def test_a_project_without_a_gitignore_gets_one() -> None:
    before = planned(byproducts=("__pycache__/", ".env", "my env/", "debug.txt"))
    after = written(before)
    lines = (after[".gitignore"] or b"").decode().splitlines()
    assert {"__pycache__/", ".env", "*.sqlite3", "/my env/", "/debug.txt"} <= set(lines)
    assert "The new .gitignore excludes them." in " ".join(before.plan.notes)
    # Nothing is left to ignore then, and the file is ours to commit.
    again = planned(after, entries=(GitEntry(path=".gitignore", state="untracked"),))
    assert ".gitignore" in again.staged
    assert ".gitignore" not in [change.path for change in again.plan.changes]
    assert not [problem for problem in again.problems if problem.code == "git-unclean"]


def test_the_patterns_of_a_new_gitignore_are_in_the_dockerignore_at_once() -> None:
    made = planned(byproducts=("__pycache__/", "my env/"), platform="fly_io").plan
    (text,) = (change.after.decode() for change in made.changes if change.path == ".dockerignore")
    assert {"**/__pycache__/**", "my env/**"} <= set(text.splitlines())


def test_no_gitignore_is_written_if_one_exists_or_nothing_is_to_be_ignored() -> None:
    for files, made in ((IGNORING, ("__pycache__/",)), (FILES, ())):
        assert ".gitignore" not in [change.path for change in planned(files, byproducts=made).plan.changes]


def test_tracked_byproducts_are_noted() -> None:
    [note] = notes(exposed=("db.sqlite3", "my env/"))
    assert note.startswith("Git tracks db.sqlite3, my env/: everyone with access to the repository has them")
    assert "(git rm -r --cached db.sqlite3 'my env')" in note
    environment = planned(exposed=("db.sqlite3", "my env/", "venv/"))
    assert not environment.problems and written(environment)[".slugignore"] == b"/venv\n"


def test_at_most_five_files_are_listed() -> None:
    entries = tuple(GitEntry(path=f"notes{n}.txt", state="modified") for n in range(7))
    for count, more in ((7, " and 2 more"), (5, "")):
        made = planned(entries=entries[:count], ignore_unclean_git=True, platform="fly_io")
        (kept,) = (line for line in made.plan.not_done if "notes0" in line)
        assert kept == (
            "Your uncommitted changes are not committed, but deployed: Fly.io builds the folder as it is: "
            f"notes0.txt, notes1.txt, notes2.txt, notes3.txt, notes4.txt{more}"
        )
    (problem,) = planned(entries=entries[:1]).problems
    assert "  modified: notes0.txt" in problem.found


def test_printing_email_backends_are_noted() -> None:
    assert notes(settings=replace(a_project(), prints_mail=True)) == [
        "the project only prints its mail to the console. To send mail in production, set EMAIL_HOST, EMAIL_PORT, "
        "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD to an SMTP server; until then, sending mail fails."
    ]


@pytest.mark.parametrize("platform", ["heroku", "fly_io", "platform_sh", "upsun"])
def test_the_first_admin_user_is_created_with_a_command(platform: str) -> None:
    has_it = replace(a_project(), installed_apps=("django.contrib.admin",))
    (said,) = [one for one in planned(platform=platform, settings=has_it).plan.not_done if "admin user" in one]
    assert said.startswith("No admin user is created. After the deployment: ") and "manage.py createsuperuser" in said
    without = planned(platform=platform, settings=replace(a_project(), installed_apps=())).plan.not_done
    there = planned(platform=platform, settings=has_it, remote=Remote(exists=True, deployed="a")).plan.not_done
    assert not any("admin user" in one for one in (*without, *there))


def test_a_user_whom_no_command_can_create() -> None:
    has_it = replace(a_project(), installed_apps=("django.contrib.admin", "django.contrib.auth"))
    plan = planned(settings=has_it, tried=Tried(no_superuser="User.objects has no create_superuser()")).plan
    (said,) = [one for one in plan.not_done if "admin user" in one]
    assert said.startswith("No admin user is created, and createsuperuser cannot work here: User.objects has no create")
    assert not plan.has_users


def test_a_site_with_a_login_and_without_an_admin_needs_a_first_user() -> None:
    settings = replace(a_project(), installed_apps=("django.contrib.auth",))
    for has_login in (True, False):
        plan = planned(settings=settings, tried=Tried(has_login=has_login)).plan
        start = "No user is created, so no visitor can log in at first. "
        assert any(one.startswith(start) for one in plan.not_done) == has_login


def test_mail_is_noted_once() -> None:
    """The settings block makes MAILERS of variables where the settings print mail."""
    prints, unsent = replace(a_project(), prints_mail=True), "the host in MAILERS is localhost, so sending mail fails"
    [note] = notes(settings=prints, tried=Tried(unsent=unsent))
    assert note.startswith("the project only prints its mail to the console")
    assert f"{unsent}." in notes(tried=Tried(unsent=unsent))
    of_upsun = planned(platform="upsun", tried=Tried(unsent=unsent)).plan.notes
    assert any("PLATFORM_SMTP_HOST" in one for one in of_upsun)
    given = planned(settings=prints, remote=Remote(exists=True, variables=frozenset({"EMAIL_HOST"}))).plan
    assert not any("its mail" in note for note in given.not_working)


def test_the_users_own_file_is_kept_with_a_note() -> None:
    assert notes("fly_io", files={**FILES, "Dockerfile": b"FROM mine\nENV ON_FLY_IO=1\nRUN collectstatic\n"}) == [
        "your own Dockerfile is kept. --replace-files overwrites it with ours (the image that Fly.io builds and runs)."
    ]


def test_a_push_from_a_shallow_clone_fetches_the_history_first() -> None:
    made = planned(shallow=True).plan.steps
    assert (made[0].id, made[0].argv) == ("git-history", ("git", "fetch", "--unshallow", "--quiet", "origin"))
    assert made[0].title == "Fetch the history missing from this shallow clone"
    assert made[0].why == "Heroku accepts a push only from a full clone"
    assert made[0].on_failure == (
        "Check out the full history in CI (fetch-depth: 0), or give this clone access to its origin."
    )
    for steps in (planned().plan.steps, planned(platform="fly_io", shallow=True).plan.steps):
        assert "git-history" not in [step.id for step in steps]


def test_each_file_has_its_reason() -> None:
    locks = {"uv.lock": b"new"}
    files: dict[str, bytes | None] = {name: raw for name, raw in EXPORTED.items() if name != "requirements.txt"}
    made = planned(files, "fly_io", locks=locks)
    assert {change.path: change.why for change in made.plan.changes} == {
        "fly.toml": "how Fly.io builds, migrates and runs the site",
        ".dockerignore": "Fly.io builds the whole folder: this keeps secrets, databases and virtual environments out "
        "of the image",
        "pyproject.toml": "production needs these packages",
        "blog/settings.py": "settings that take effect only on Fly.io",
        "Dockerfile": "the image that Fly.io builds and runs",
        "uv.lock": "pins what was added and nothing else",
    }
    (lock,) = (change for change in made.plan.changes if change.path == "uv.lock")
    assert (lock.before, lock.after) == (LOCKED, b"new")
    assert made.contents["uv.lock"] == b"new"
    address = made.plan.address
    assert address
    assert address.argv[:2] == ("fly", "status")
    watch = made.plan.watch
    assert watch
    assert watch.log[:2] == ("fly", "logs")


@pytest.mark.parametrize(
    ("platform", "given", "codes"),
    [
        ("heroku", {"database": "postgres"}, []),
        ("heroku", {"database": "x"}, ["database-unknown"]),
        ("heroku", {"organization": "x"}, ["organizations-unknown"]),
        ("fly_io", {"organization": "x", "database": "managed"}, []),
    ],
)
def test_options_that_a_platform_does_not_support(platform: str, given: dict[str, str], codes: list[str]) -> None:
    made = planned(platform=platform, remote=Remote(app="blog"), **given)
    assert [problem.code for problem in made.problems] == codes


def test_a_deployment_extends_the_files_of_a_configuration_only_run() -> None:
    left = written(planned())
    settings = GitEntry(path="blog/settings.py", state="modified")
    remote = Remote(surveyed=True, account="me", app="blog")
    made = planned(left, remote=remote, entries=(settings,))
    assert (made.problems, [change.path for change in made.plan.changes]) == ((), ["blog/settings.py"])
    edited = {**left, "blog/settings.py": b"MINE = 1\n"}
    assert [problem.code for problem in planned(edited, remote=remote, entries=(settings,)).problems] == ["git-unclean"]


def test_a_django_that_is_too_old_is_refused() -> None:
    for version, refused in {(3, 1): True, (3, 2): False}.items():
        problems = planned(settings=a_project(django_version=version)).problems
        assert ("django-too-old" in [problem.code for problem in problems]) is refused


def test_a_process_of_the_projects_own_procfile_only_has_to_be_scaled() -> None:
    files = {
        **FILES,
        "requirements.txt": b"Django\ncelery\n",
        "Procfile": b"web: gunicorn blog.wsgi\nqueue: celery -A blog worker\n",
    }
    (line,) = [line for line in planned(files).plan.not_done if line.startswith("No worker process is started")]
    assert line.endswith("To start it: run heroku ps:scale queue=1, as your Procfile has the command.")


@pytest.mark.parametrize(
    ("engine", "vendor", "named", "said"),
    [
        ("django.db.backends.mysql", "", (), ["Your data is not copied: in production, PostgreSQL replaces"]),
        ("blog.sqlite", "sqlite", (), ["The data in your local database is not copied"]),
        ("blog.sqlite", "sqlite", ("django.db.backends.",), ["The data in your local database is not copied"]),
        (
            *("blog.sqlite", "sqlite", ("django.db.backends.mysql",)),
            [
                "The data in your local database is not copied",
                "Production has PostgreSQL, also where the settings name",
            ],
        ),
    ],
)
def test_the_database_in_use_is_said_to_be_replaced(
    engine: str, vendor: str, named: tuple[str, ...], said: list[str]
) -> None:
    settings = a_project(database_engine=engine, database_vendor=vendor, named_engines=named)
    left = [
        line for line in planned(settings=settings).plan.not_done if "PostgreSQL" in line or "local database" in line
    ]
    assert len(left) == len(said) and all(line.startswith(each) for line, each in zip(left, said, strict=True))


def test_a_client_of_redis_may_be_an_extra() -> None:
    left = planned({**FILES, "requirements.txt": b"Django\ncelery[redis]\n"}).plan.not_done
    assert any(line.startswith("No Redis is created (celery[redis])") for line in left)


@pytest.mark.parametrize("by_host", [True, False])
def test_pages_that_need_the_row_of_the_site_are_named(by_host: bool) -> None:
    settings = a_project(installed_apps=("django.contrib.sites",), site_by_host=by_host)
    (line,) = (one for one in planned(settings=settings).plan.not_done if one.startswith("The host in the database"))
    assert ("Without SITE_ID in the settings, pages" in line) is by_host


@pytest.mark.parametrize("platform", installed())
def test_uncovered_needs_of_a_site_are_noted(platform: str) -> None:
    lines = b"Django\ncelery[redis]\ndjango-celery-beat\ndjango-cron\nchannels\nredis\n"
    apps = ("django.contrib.sites", "django_tenants", "allauth.socialaccount.providers.google")
    apps += ("allauth.socialaccount.providers.openid",)
    settings = a_project(installed_apps=apps, sqlite_files=("a.sqlite3", "b.sqlite3"))
    left = planned({**FILES, "requirements.txt": lines}, platform, settings=settings).plan.not_done
    for beginning in (
        "No worker process is started (Celery)",
        "Nothing runs on a schedule (django-cron)",
        "No Redis is created (redis)",
        "The site is started with WSGI, but channels needs ASGI",
        "The host in the database stays example.com",
        "Every page is a 404 until the site's host has a domain in the database (django-tenants)",
        "Pages that offer a login through google (django-allauth) answer with an error",
        "Only the default database is on PostgreSQL. Data in SQLite is lost with each restart and deployment: a",
    ):
        assert any(line.startswith(beginning) for line in left)
        assert not any(line.startswith(beginning) for line in planned(platform=platform).plan.not_done)
    assert any("celery -A blog worker --loglevel INFO --beat --scheduler django" in line for line in left)


@pytest.mark.parametrize(
    ("storage", "said"),
    [
        ("blog.storage.ManifestStorage", "raises an error for such a name"),
        ("whitenoise.storage.CompressedManifestStaticFilesStorage", "Visitors do not get what is missing"),
        ("django.contrib.staticfiles.storage.ManifestStaticFilesStorage", "Visitors do not get what is missing"),
        ("blog.storage.Plain", "Visitors do not get what is missing"),
        ("", "Visitors do not get what is missing"),
    ],
)
def test_what_a_reference_to_a_missing_static_file_does(storage: str, said: str) -> None:
    project = make(Path("/srv/blog"))
    project = replace(
        project,
        settings=replace(project.settings, staticfiles_backend=storage),
        tried=Tried(missing_static=("home.html:1: lost.png",)),
    )
    [note] = [note for note in of_trial(project.tried, project.settings) if "lost.png" in note]
    assert said in note


def test_versions_that_production_has_and_this_environment_does_not(tmp_path: Path) -> None:
    project = replace(make(tmp_path), tried=Tried(other_versions=("marshmallow 4.0.1 (here 3.26.1)",)))
    [note] = [note for note in of_project(project, HEROKU) if "marshmallow" in note]
    assert note == (
        "production installs other versions than you have here: marshmallow 4.0.1 (here 3.26.1). Try the site with "
        "these versions, or require yours."
    )


def test_an_added_setuptools_is_explained() -> None:
    for lines, noted in ((b"Django\ngunicorn==20.1.0\n", True), (b"Django\ngunicorn==23.0.0\n", False)):
        plan = planned({**FILES, "requirements.txt": lines}).plan
        (change,) = [change for change in plan.changes if change.path == "requirements.txt"]
        assert (b"setuptools<81" in change.after) is noted
        assert (
            any(note.startswith("setuptools<81 is added: this version of gunicorn imports") for note in plan.notes)
            is noted
        )
