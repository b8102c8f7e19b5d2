"""What is found on an account, and the prompts: organizations, titles, links, prices. With the doubles of both
products' CLIs; nothing is pushed.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from matrix.emulators._upsun import lifecycle
from simple_deploy.platforms import load
from simple_deploy.text.shell import filled

if TYPE_CHECKING:
    from conftest import Machine  # type: ignore[attr-defined]

# Each starts Django and the emulated CLI several times.
pytestmark = pytest.mark.long
posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
ADOPTED = ("--deployed-project-name", "blog", "--adopt")
HEAD = "Stopped: Nothing was changed. Fix this problem first:\n\n"


def create(machine: Machine, title: str, *options: str, linked: bool = False) -> str:
    """A manually created project; returns its ID."""
    link = "--set-remote" if linked else "--no-set-remote"
    argv = [machine.cli, "project:create", "--title", title, "--region", "eu-3.platform.sh", link, "--yes"]
    organization = () if "--org" in options else ("--org", "dev")
    return machine.box.run([*argv, *organization, *options], cwd=machine.root).stdout.strip()


def converse(machine: Machine, *talk: tuple[str, str], options: tuple[str, ...] = ()) -> tuple[int, str]:
    from matrix.sandbox.terminals import converse

    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", machine.platform, "--automate-all"]
    return converse([*argv, *options], *talk, cwd=machine.root, env={**machine.box.env, "PYTHONUTF8": "1"})


def test_no_one_is_logged_in(machine: Machine) -> None:
    with machine.state.change() as platform:
        platform["account"]["logged_in"] = False
    ended = machine.plan()
    assert ended.stderr.startswith(HEAD + "1. You are not logged in to Upsun: Authentication is required.")
    assert "   -> Log in: upsun login\n" in ended.stderr


def test_several_organizations_without_a_terminal(machine: Machine) -> None:
    machine.state.add_organization("acme", 'Acme "Inc."')
    assert machine.plan().stderr == (
        HEAD + "1. Your account has several organizations that could own (and pay for) the project.\n"
        "   -> Choose one of: --org dev, --org acme\n"
    )
    assert machine.plan("--org", "acne").stderr == (
        HEAD + '1. Your account has no organization "acne".\n   -> Choose one of: --org dev, --org acme\n'
    )
    planned = machine.plan("--org", "acme")
    assert "upsun project:create --title blog --region eu-5.platform.sh --org acme " in planned.stdout


def test_no_organization(machine: Machine) -> None:
    with machine.state.change() as platform:
        platform["organizations"] = []
    assert machine.plan().stderr == (
        HEAD + "1. Your account has no organization that can own the project. No organizations found.\n"
        "   -> Create one: upsun organization:create\n"
    )


def test_platform_sh_accepts_only_existing_customers(fixed: Machine) -> None:
    """An account as everyone has it today: its organization is flexible, and so is one that the CLI creates."""
    with fixed.state.change() as platform:
        platform["organizations"][0]["type"] = "flexible"
    refused = (
        HEAD
        + "1. Platform.sh (Upsun Fixed) accepts existing customers only, and your account is in no organization of "
        "that kind. New organizations can only own Upsun projects.\n"
        "   -> Deploy to Upsun: --platform upsun\n"
        "   If you have a contract for Upsun Fixed, ask its support for an organization of the type fixed.\n"
        "   See https://fixed.docs.upsun.com/administration/organizations.html\n"
    )
    assert fixed.plan().stderr == refused
    create_one = ["platform", "organization:create", "--label", "New", "--name", "new", "--country", "FR", "--yes"]
    assert "Created organization New (new)\n" in fixed.box.run(create_one, cwd=fixed.root).stderr
    assert fixed.plan().stderr == refused, "the CLI makes organizations of the other type only"


def test_a_list_of_organizations_that_cannot_be_read_is_no_empty_one(fixed: Machine) -> None:
    fixed.state.add_fault({"command": "organization:list", "stderr": "The lights went out.", "returncode": 1})
    said = fixed.plan().stderr
    assert "The lights went out." in said
    assert "platform organization:list" in said
    assert "existing customers" not in said


def test_the_remedy_for_a_missing_organization_works(machine: Machine) -> None:
    with machine.state.change() as platform:
        platform["organizations"] = []
    create_one = ["upsun", "organization:create", "--label", "New", "--name", "new", "--country", "FR", "--yes"]
    machine.box.run(create_one, cwd=machine.root)
    assert "upsun project:create --title blog --region eu-5.platform.sh --org new " in machine.plan().stdout


def test_a_region_is_required_without_a_terminal(machine: Machine) -> None:
    ended = machine.deployer("--automate-all", "--yes", "--dry-run")
    assert ended.stderr.startswith(
        HEAD + "1. A new project needs a region, and with --yes the CLI does not ask for one."
    )
    create(machine, "blog")
    assert machine.deployer("--automate-all", "--yes", "--dry-run", *ADOPTED).returncode == 0


@posix
@pytest.mark.parametrize("answer", ["no\n", "\n", "\x04"])
def test_declining_the_organization_stops_the_run(machine: Machine, answer: str) -> None:
    machine.state.add_organization("acme", "Acme")
    status, shown = converse(machine, ("Which organization should own (and pay for) blog?", answer))
    assert (status, machine.projects, machine.git("status", "--porcelain")) == (1, [], "")
    assert "Cancelled. Nothing was changed." in shown


@posix
def test_declining_the_price_stops_the_run(either: Machine) -> None:
    either.state.add_organization("acme", "Acme")
    status, shown = converse(
        either,
        ("Which organization should own (and pay for) blog?", "2\n"),
        ("Go ahead? [y/N]", "yes\n"),
        ("Region (--region)", "8\n"),
        ("The estimated monthly cost of this project is: $10", ""),
        ("Are you sure you want to continue? [Y/n]", "n\n"),
    )
    assert (status, either.projects) == (1, [])
    assert "If you answered no, nothing was created" in shown
    assert "Traceback" not in shown


def test_two_projects_with_one_title_are_distinguished(either: Machine) -> None:
    ids = [create(either, "blog"), create(either, "blog")]
    ended = either.plan()
    assert ended.stderr == (
        HEAD + f'1. Your account has several projects called "blog": '
        f"{ids[0]} (organization dev), {ids[1]} (organization dev).\n"
        "   -> If one of them belongs to this project, name it by its ID: --deployed-project-name ID --adopt\n"
        "   To create a new one: --deployed-project-name NEW-NAME\n"
    )
    planned = either.plan("--deployed-project-name", ids[1], "--adopt")
    assert f"already done: found {ids[1]} in region eu-3.platform.sh" in planned.stdout
    assert f"{either.cli} set-remote {ids[1]} --yes\n" in planned.stdout
    either.box.run([either.cli, "set-remote", ids[0], "--yes"], cwd=either.root)
    assert f"already done: found {ids[0]} " in either.plan().stdout
    assert f"already done: found {ids[0]} " in either.plan("--deployed-project-name", "blog").stdout


def test_the_organization_distinguishes_projects_with_one_title(machine: Machine) -> None:
    machine.state.add_organization("acme", "Acme")
    ids = [create(machine, "blog"), create(machine, "blog", "--org", "acme")]
    assert f"found {ids[1]} " in machine.plan("--org", "acme", *ADOPTED).stdout


def test_projects_of_the_other_product_are_not_changed(machine: Machine) -> None:
    machine.state.add_organization("old", "Old")
    create(machine, "blog", "--org", "old")
    with machine.state.change() as platform:
        platform["organizations"][-1]["type"] = "fixed"
    planned = machine.plan()
    assert "upsun project:create --title blog --region eu-5.platform.sh --org dev " in planned.stdout
    with machine.state.change() as platform:
        platform["organizations"][-1]["type"] = "flexible"
    assert "already done: found" in machine.plan(*ADOPTED).stdout


def test_projects_beyond_the_first_page_are_found(machine: Machine) -> None:
    organization = machine.state.read()["organizations"][0]
    for number in range(25):
        lifecycle.create(machine.state, f"a project before {number}", "eu-3.platform.sh", organization)  # type: ignore[arg-type]
    found = create(machine, "blog")
    assert f"found {found} " in machine.plan(*ADOPTED).stdout


def test_a_link_to_a_project_that_is_gone(either: Machine) -> None:
    gone = create(either, "blog", linked=True)
    with either.state.change() as platform:
        platform["projects"][gone]["owner"] = "stranger@example.com"
    link = {"upsun": ".upsun/local/project.yaml", "platform_sh": ".platform/local/project.yaml"}[either.platform]
    assert either.plan().stderr == (
        HEAD + f"1. The account dev@example.com has no access to the app {gone} on {load(either.platform).name}, "
        f"which the link of this folder ({link}) names.\n"
        "   -> Log in to the account that owns it, or create a new app: --deployed-project-name NEW-NAME\n"
        f"   If it was deleted, remove the reference to it here: {either.cli} set-remote -\n"
    )


def test_names_reach_the_platform_unchanged(strangely_named: Machine) -> None:
    title = strangely_named.root.name
    planned = strangely_named.plan("--json")
    (argv,) = (step["argv"] for step in json.loads(planned.stdout)["steps"] if step["id"] == "create-project")
    assert argv[argv.index("--title") + 1] == title
    strangely_named.box.run([*argv], cwd=strangely_named.root)
    assert [project["title"] for project in strangely_named.projects] == [title]
    assert "already done: found" in strangely_named.plan().stdout


def test_an_answer_in_an_unknown_format_stops_the_run(machine: Machine) -> None:
    machine.state.add_fault({"command": "project:list", "returncode": 0, "stdout": "<html>Bad gateway</html>"})
    ended = machine.plan()
    assert ended.returncode == 1
    assert "This command returned no usable output: upsun" in ended.stderr
    machine.state.add_fault({"command": "project:list", "returncode": 6, "stderr": "Permission denied."})
    ended = machine.plan()
    assert "1. This command returned no usable output: upsun project:list" in ended.stderr
    assert "Permission denied." in ended.stderr
    assert machine.plan().returncode == 0


def test_every_command_of_plans_and_texts_is_known_to_the_cli(either: Machine) -> None:
    plans = [either.plan("--json"), either.deployer("--automate-all", "--json", "--dry-run")]
    create(either, "blog")
    plans.append(either.plan("--json", *ADOPTED))
    issued = [step["argv"] for plan in plans for step in json.loads(plan.stdout)["steps"]]
    issued += [[either.cli, *call["argv"]] for call in either.state.calls()]
    texts = load(either.platform).guide
    how_to = [texts.redeploy, texts.logs, texts.console, texts.superuser, texts.variable, texts.domain, texts.backup]
    lines = [command for one in how_to for command in one.commands] + [texts.destroy]
    words = {"app": "blog", "branch": "main", "git_remote": "upsun", "manage_py": "manage.py"}
    issued += [shlex.split(filled(line, words)) for line in lines]
    ours = [argv for argv in issued if argv[0] == either.cli]
    assert len(ours) > 20
    assert [argv for argv in ours if either.emulator.refusal(argv)] == []
    assert either.emulator.refusal([either.cli, "push", "--loudly"]) is not None
