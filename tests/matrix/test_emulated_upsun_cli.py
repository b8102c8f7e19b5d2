"""The emulated `upsun` and `platform` print what the real ones print, where they print it, and reject the same."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from matrix.emulators import load
from matrix.emulators._upsun.flavour import FIXED, FLAVOURS, FLEX, Flavour
from matrix.emulators._upsun.lifecycle import create
from matrix.emulators._upsun.session import TEXTS
from matrix.emulators._upsun.state import State, new_organization
from matrix.sandbox.machine import Ran, Sandbox

# Each starts the CLI several times.
pytestmark = pytest.mark.long

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals that Python can open")
TITLE = 'Ann\'s "Blog" für Öl & Co'
CREATE = ("project:create", "--title", TITLE, "--region", "eu-5.platform.sh", "--org", "dev", "--set-remote", "--yes")


class Developer:
    """A developer with a Git repository who runs the CLI."""

    def __init__(self, box: Sandbox, flavour: Flavour) -> None:
        self.box = box
        self.flavour = flavour
        self.folder = box.work / "repository"
        self.state = State(box.root, flavour)
        load(flavour.name).install(box)
        box.run(["git", "init", "--quiet", self.folder])

    def __call__(self, *words: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> Ran:
        return self.box.run([self.flavour.executable, *words], cwd=cwd or self.folder, env=env, check=False)

    def git(self, *words: str) -> str:
        return self.box.run(["git", *words], cwd=self.folder).stdout


@pytest.fixture
def upsun(tmp_path: Path) -> Iterator[Developer]:
    with Sandbox.create(tmp_path) as box:
        yield Developer(box, FLEX)


@pytest.fixture(params=FLAVOURS)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Developer]:
    with Sandbox.create(tmp_path) as box:
        yield Developer(box, FLAVOURS[request.param])


def test_each_flavour_has_its_own_names(either: Developer) -> None:
    cli = {"upsun": "Upsun CLI", "platform_sh": "Upsun CLI (Platform.sh compatibility)"}[either.flavour.name]
    assert either("--version").stdout == f"{cli} 5.6.0\n"
    assert either("auth:info", "email").stdout == "dev@example.com\n"
    none = either("project:list")
    service = {"upsun": "Upsun", "platform_sh": "Upsun (formerly Platform.sh)"}[either.flavour.name]
    assert (none.returncode, none.stdout) == (0, "")
    assert none.stderr == (
        f"You do not have any {service} projects yet.\n\n"
        f"To create a new project, run: {either.flavour.executable} create\n"
    )


@pytest.mark.beyond_ascii
def test_a_project_is_created_and_linked(either: Developer) -> None:
    created = either(*CREATE)
    (project,) = either.state.read()["projects"].values()
    assert (created.returncode, created.stdout) == (0, f"{project['id']}\n")
    service, url = either.flavour.service_name, f"{project['id']}@git.eu-5.platform.sh:{project['id']}.git"
    assert created.stderr == (
        "Creating a project under the organization Dev (dev)\n\n"
        f"Local Git repository detected: {either.folder}\n\n"
        f"The new project {TITLE} will be set as the remote for this repository directory.\n\n"
        "The estimated monthly cost of this project is: $10\nPricing information: https://upsun.com/pricing\n\n"
        "Are you sure you want to continue? [Y/n] y\n"
        f"Your {service} project has been requested (subscription ID: {project['subscription']})\n\n"
        f"The {service} Bot is activating your project\n\nThe project is now ready!\n\n"
        f"  Region: eu-5.platform.sh\n  Project ID: {project['id']}\n  Project title: {TITLE}\n\n"
        f"  Console URL: https://console.upsun.com/dev/{project['id']}\n  Git URL: {url}\n\n"
        f"Setting the remote project for this repository to: {TITLE} ({project['id']})\n"
    )
    local = either.folder / {"upsun": ".upsun", "platform_sh": ".platform"}[either.flavour.name] / "local"
    assert (local / "project.yaml").read_text(encoding="utf-8") == f"id: {project['id']}\nhost: api.upsun.com\n"
    assert either.git("remote", "--verbose").splitlines()[0] == f"{either.flavour.remote}\t{url} (fetch)"
    assert either.git("status", "--porcelain") == ""
    listed = either("project:list", "--format", "plain", "--no-header", "--columns", "id,title,organization_name")
    assert listed.stdout == f"{project['id']}\t{TITLE}\tdev\n"


@pytest.mark.beyond_ascii
def test_a_project_needs_an_existing_organization_and_region(upsun: Developer) -> None:
    missing = {"--org": "An organization name or ID (--org) is required.", "--region": "--region is required"}
    for option, message in missing.items():
        place = CREATE.index(option)
        refused = upsun(*CREATE[:place], *CREATE[place + 2 :])
        assert (refused.returncode, refused.stdout, message in refused.stderr) == (1, "", True)
    assert "Organization not found: nobody" in upsun("create", "--org", "nobody", "--region", "x", "-y").stderr
    elsewhere = upsun("create", "--org", "dev", "--region", "mars.platform.sh", "-y")
    assert (elsewhere.returncode, elsewhere.stdout) == (1, "")
    assert upsun.state.read()["projects"] == {}


@pytest.mark.beyond_ascii
def test_the_reason_is_shown_if_an_account_cannot_create_projects(upsun: Developer) -> None:
    reasons = ("credit card", "phone number", "support ticket", "trial limit", "overdue invoice")
    for reason in reasons:
        with upsun.state.change() as platform:
            platform["refusal"] = reason
        refused = upsun(*CREATE)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == TEXTS(f"refusal {reason}", organization="dev") + "\n"
    assert "https://console.upsun.com/dev/-/billing\n" in refused.stderr
    assert upsun.state.read()["projects"] == {}


@POSIX
@pytest.mark.beyond_ascii
def test_declining_the_cost_creates_nothing(upsun: Developer) -> None:
    from matrix.sandbox.terminals import converse

    argv = [upsun.box.bin / "upsun", *(word for word in CREATE if word != "--yes")]
    talk = (("Default branch (--default-branch)", "\n"), ("Are you sure you want to continue? [Y/n] ", "n\n"))
    status, shown = converse(argv, *talk, cwd=upsun.folder, env=upsun.box.env)
    assert status == 1
    assert "The estimated monthly cost of this project is: $10" in shown
    assert upsun.state.read()["projects"] == {}


@POSIX
def test_the_cli_asks_for_the_organization_at_a_terminal(upsun: Developer) -> None:
    upsun.state.add_organization("work", "Work")
    from matrix.sandbox.terminals import converse

    argv = [str(upsun.box.bin / "upsun"), "project:create"]
    talk = ("Enter a number to choose an organization (-o):", "7\n")
    status, shown = converse(argv, talk, cwd=upsun.folder, env=upsun.box.env)
    assert status == 1
    assert "[1] Work (work)" in shown


def test_errors_without_a_project_a_login_or_a_permission(upsun: Developer) -> None:
    assert upsun("environment:info").returncode == 2
    assert "Could not determine the current project." in upsun("url").stderr
    other = create(upsun.state, "Theirs", "eu-5.platform.sh", new_organization("x", "X", ""), owner="ann@example.com")
    assert upsun("project:info", "--project", other["id"]).returncode == 6
    assert upsun("project:list").stdout == ""
    with upsun.state.change() as platform:
        platform["account"]["logged_in"] = False
    logged_out = upsun("project:list")
    assert (logged_out.returncode, logged_out.stdout) == (3, "")
    assert logged_out.stderr.startswith("Authentication is required.\n\nPlease log in by running:\n    upsun login\n")
    quiet = upsun("auth:info", "email", "--no-auto-login")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


@pytest.mark.parametrize(("flavour", "prefix"), [(FLEX, "UPSUN_CLI_"), (FIXED, "PLATFORMSH_CLI_")])
def test_an_api_token_replaces_a_login(tmp_path: Path, flavour: Flavour, prefix: str) -> None:
    with Sandbox.create(tmp_path) as box:
        developer = Developer(box, flavour)
        with developer.state.change() as platform:
            platform["account"]["logged_in"] = False
        token = developer.state.read()["account"]["token"]
        assert developer("project:list", env={f"{prefix}TOKEN": token}).returncode == 0
        assert developer("project:list", env={f"{prefix}TOKEN": "wrong"}).returncode == 3


def test_lists_come_in_pages_of_twenty(upsun: Developer) -> None:
    organization = upsun.state.read()["organizations"][0]
    for number in range(22):
        create(upsun.state, f"Site {number:02}", "eu-5.platform.sh", organization)
    plain = ("project:list", "--format", "plain", "--no-header", "--columns", "title")
    assert len(upsun(*plain).stdout.splitlines()) == 20
    assert upsun(*plain, "--page", "2").stdout.splitlines() == ["Site 20", "Site 21"]
    assert len(upsun(*plain, "--count", "0").stdout.splitlines()) == 22
    assert len(upsun("projects", "--pipe").stdout.splitlines()) == 22
    wrong = upsun("project:list", "--columns", "org_name")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "Column not found: org_name (available columns: created_at, id, organization_id," in wrong.stderr


def test_a_table_has_a_frame_with_messages_around_it(upsun: Developer) -> None:
    listed = upsun("organization:list", "--columns", "name,label")
    assert listed.stdout == "+------+-------+\n| Name | Label |\n+------+-------+\n| dev  | Dev   |\n+------+-------+\n"
    assert listed.stderr == "Organizations you own or belong to:\n"
    assert upsun("orgs", "--format", "csv", "--columns", "name,label").stdout == "Name,Label\ndev,Dev\n"
    assert upsun("orgs", "--format", "xml").returncode == 1


@pytest.mark.beyond_ascii
def test_a_repository_can_be_linked_to_another_project_and_unlinked(upsun: Developer) -> None:
    first = upsun(*CREATE).stdout.strip()
    second = upsun("create", "--title", "2", "--region", "eu-5.platform.sh", "--org", "dev", "--no-set-remote", "-y")
    unknown = upsun("set-remote", "nonexistent", "--yes")
    assert (unknown.returncode, unknown.stderr.splitlines()[-1]) == (1, "Project not found: nonexistent")
    changed = upsun("set-remote", second.stdout.strip(), "--yes")
    assert changed.returncode == 0
    assert f"Changing the remote project for this repository from {TITLE} ({first}) to 2 (" in changed.stderr
    assert second.stdout.strip() in upsun.git("remote", "get-url", "upsun")
    assert upsun("set-remote", "-", "--yes").returncode == 0
    assert upsun.git("remote") == ""
    assert upsun("set-remote", "-").stderr == "This repository is not mapped to a remote project.\n"
    outside = upsun("set-remote", first, cwd=upsun.box.work)
    assert (outside.returncode, outside.stderr) == (
        1,
        "No Git repository found. Use git init to create a repository.\n",
    )


def test_a_remote_alone_links_a_repository(upsun: Developer) -> None:
    created = upsun("create", "--title", "x", "--region", "eu-5.platform.sh", "--org", "dev", "--no-set-remote", "-y")
    project = created.stdout.strip()
    upsun.git("remote", "add", "origin", f"{project}@git.eu-5.platform.sh:{project}.git")
    assert upsun("project:info", "id").stdout == f"{project}\n"
    assert (upsun.folder / ".upsun" / "local" / "project.yaml").exists()


@pytest.mark.beyond_ascii
def test_before_the_first_push_there_are_no_activities_or_urls(upsun: Developer) -> None:
    upsun(*CREATE)
    assert upsun("environment:info", "head_commit", "--environment", ".").stdout == "\n"
    none = upsun("activity:list")
    assert (none.returncode, none.stdout, none.stderr.splitlines()[-1]) == (1, "", "No activities found")
    assert upsun("url", "--primary", "--pipe").returncode == 1
    inactive = upsun("ssh", "--", "true")
    assert inactive.returncode == 1
    assert "The environment main is inactive, so an SSH connection is not possible." in inactive.stderr
    assert upsun("environment:info", "--environment", "other").returncode == 1


@pytest.mark.beyond_ascii
def test_a_project_is_deleted_only_after_an_explicit_yes(upsun: Developer) -> None:
    project = upsun(*CREATE).stdout.strip()
    assert upsun("project:delete").returncode == 1
    assert upsun("project:delete", "--no-interaction").returncode == 1
    assert list(upsun.state.read()["projects"]) == [project]
    deleted = upsun("project:delete", "--project", project, "--yes")
    assert (deleted.returncode, deleted.stdout) == (0, "")
    assert deleted.stderr.endswith(f"\nThe project {TITLE} ({project}) was deleted.\n")
    gone = upsun("project:info", "id")
    assert gone.returncode == 1
    assert f"Project not found: {project}" in gone.stderr
    fetch = upsun.box.run(["git", "fetch", "upsun"], cwd=upsun.folder, check=False)
    assert (fetch.returncode, "Permission denied (publickey)." in fetch.stderr) == (128, True)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["project:crate"], 'Command "project:crate" is not defined.'),
        (["push", "--now"], 'The "--now" option does not exist.'),
        (["push", "--yes=1"], 'The "--yes" option does not accept a value.'),
        (["url", "-x"], 'The "-x" option does not exist.'),
        (["url", "--project"], 'The "--project" option requires a value.'),
        (["url", "--environment", "--pipe"], 'The "--environment" option requires a value.'),
        (["project:list", "x"], 'No arguments expected for "project:list" command, got "x".'),
        (["auth:info", "a", "b"], 'Too many arguments to "auth:info" command, expected arguments "property".'),
        (["domain:add"], 'Not enough arguments (missing: "name").'),
    ],
)
def test_a_wrong_command_line_is_rejected(argv: list[str], message: str) -> None:
    assert load("upsun").refusal(argv) == message
    assert load("upsun").refusal(["upsun", *argv]) == message


def test_the_command_and_the_harness_reject_the_same_command_lines(upsun: Developer) -> None:
    refused = upsun("push", "--now")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert 'The "--now" option does not exist.' in refused.stderr


@pytest.mark.parametrize(
    "line",
    [
        "upsun logs app --lines 50",
        "upsun ssh --app app -- .venv/bin/python manage.py createsuperuser",
        "upsun sql --relationship database",
        "upsun db:dump --gzip --file dump.sql.gz",
        "upsun variable:create --level environment --prefix env --name KEY --value x --sensitive true -e main",
        "upsun domain:add www.example.com",
        "upsun activity:log --type environment.push",
        "upsun resources:set --size app:0.5",
        "upsun backup:create --live",
        "upsun mount:upload --mount media --source media",
        "upsun -y push -p abc -e main --no-wait",
    ],
)
def test_everyday_commands_are_accepted(line: str) -> None:
    assert load("upsun").refusal(line.split()) is None


def test_the_harness_can_classify_command_lines() -> None:
    emulator = load("upsun")
    assert emulator.command(["--yes", "push"]) == "environment:push"
    assert emulator.command(["--version"]) == "version"
    assert "environment:push" not in emulator.READING


@pytest.mark.beyond_ascii
def test_a_fault_replaces_a_command_once(upsun: Developer) -> None:
    upsun.state.add_fault({"command": "project:create", "stderr": "The API is down.", "returncode": 1})
    assert upsun(*CREATE).stderr == "The API is down.\n"
    assert upsun(*CREATE).returncode == 0
    assert [call["returncode"] for call in upsun.state.calls()] == [1, 0]


def test_the_environment_of_a_nonexistent_app_is_available() -> None:
    flex, fixed = load("upsun").ENVIRONMENT, load("platform_sh").ENVIRONMENT
    assert flex["DATABASE_URL"].startswith("pgsql://blog:password@")
    assert set(flex) - set(fixed) == {name for name in flex if name.startswith("DATABASE_")}
    assert {"PLATFORM_ROUTES", "PLATFORM_RELATIONSHIPS", "PLATFORM_PROJECT_ENTROPY", "PORT"} <= set(fixed)
