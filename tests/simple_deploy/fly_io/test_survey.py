"""What a run finds on the account, and what it then plans or refuses: dry runs on the emulated Fly.io."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from matrix.emulators.fly_io import lifecycle
from simple_deploy.platforms import load
from simple_deploy.text.shell import filled

if TYPE_CHECKING:
    from conftest import OnPlatform

posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
HEAD = "Stopped: Nothing was changed. Fix this problem first:\n\n"


def plan(on_fly: OnPlatform, *options: str) -> dict[str, Any]:
    ended = on_fly.deploy("--json", "--dry-run", *options)
    assert ended.returncode == 0, ended.stderr
    return dict(json.loads(ended.stdout))


def commands(planned: dict[str, Any]) -> list[str]:
    """The commands of Fly.io that would be run."""
    steps = [step for step in planned["steps"] if step["state"] == "planned"]
    return [" ".join(step["argv"]) for step in steps if step["argv"][0] == "fly"]


def refused(on_fly: OnPlatform, message: str, *options: str) -> None:
    before = on_fly.checkout.contents()
    ended = on_fly.deploy(*options)
    assert ended.stderr == HEAD + message
    assert (ended.returncode, on_fly.checkout.contents()) == (1, before)


def add_organization(on_fly: OnPlatform, slug: str) -> None:
    with on_fly.state.change() as platform:
        first = next(iter(platform["organizations"].values()))
        platform["organizations"][slug] = {**first, "slug": slug, "name": slug.title(), "type": "SHARED"}


def create_cluster(on_fly: OnPlatform, name: str, *attached: str) -> None:
    """An unmanaged cluster, attached to these apps, which are created too."""
    lifecycle.create_app(on_fly.state, name, role="postgres")
    for app in attached:
        lifecycle.create_app(on_fly.state, app)
        on_fly.box.run(["fly", "postgres", "attach", name, "--app", app, "--yes"])


def test_an_empty_account(on_fly: OnPlatform) -> None:
    planned = plan(on_fly, "--region", "fra")
    assert commands(planned) == [
        "fly apps create my-blog --org personal",
        "fly postgres create --name my-blog-db --org personal --region fra "
        "--initial-cluster-size 1 --vm-size shared-cpu-1x --volume-size 1",
        "fly postgres attach my-blog-db --app my-blog --yes",
        "fly secrets import --app my-blog --stage",
        "fly deploy --app my-blog --ha=false --yes --image-label commit-HEAD",
    ]
    assert planned["monthly_cost_cents"] == 234 + 369
    [toml] = [file for file in planned["files"] if file["path"] == "fly.toml"]
    assert "+primary_region = 'fra'\n" in toml["diff"]
    assert plan(on_fly, "--database", "managed")["monthly_cost_cents"] == 4080 + 369
    assert "postgres" not in " ".join(commands(plan(on_fly, "--database", "none")))


def test_other_apps_and_databases_are_left_alone(on_fly: OnPlatform) -> None:
    create_cluster(on_fly, "shop-db", "shop")
    create_cluster(on_fly, "wiki-db", "wiki")
    planned = commands(plan(on_fly))
    assert [command.split()[1:3] for command in planned[:3]] == [
        ["apps", "create"],
        ["postgres", "create"],
        ["postgres", "attach"],
    ]
    assert not [command for command in planned if "shop" in command or "wiki" in command]


def test_an_attached_database_is_used(on_fly: OnPlatform) -> None:
    create_cluster(on_fly, "elsewhere-db", "my-blog")
    planned = plan(on_fly, "--adopt")
    assert [command.split()[1] for command in commands(planned)] == ["secrets", "deploy"]
    assert any("names a database that simple_deploy did not create" in note for note in planned["notes"])
    assert planned["monthly_cost_cents"] == 369


def test_a_leftover_database_is_attached(on_fly: OnPlatform) -> None:
    create_cluster(on_fly, "my-blog-db")
    refused(on_fly, FOREIGN.format(reason="nothing shows that it belongs to this project"))
    assert commands(plan(on_fly, "--adopt"))[:2] == [
        "fly apps create my-blog --org personal",
        "fly postgres attach my-blog-db --app my-blog --yes",
    ]
    # The user of an earlier attachment still exists, and cannot be created again.
    on_fly.box.run(["fly", "apps", "create", "my-blog", "--org", "personal"])
    on_fly.box.run(["fly", "postgres", "attach", "my-blog-db", "--app", "my-blog", "--yes"])
    on_fly.box.run(["fly", "secrets", "unset", "DATABASE_URL", "--app", "my-blog", "--stage"])
    attach = "fly postgres attach my-blog-db --app my-blog --database-user my_blog_2 --yes"
    assert attach in commands(plan(on_fly, "--adopt"))
    on_fly.box.run(attach.split())


FOREIGN = (
    "1. The app's database would be named my-blog-db, but that name is in use: {reason}.\n"
    "   -> Choose another name for the app: --deployed-project-name NAME\n"
    "   Or use --database none and attach a database yourself.\n"
    "   If that database belongs to this project, name the app and add --adopt.\n"
)


def test_a_foreign_database_is_not_changed(on_fly: OnPlatform) -> None:
    create_cluster(on_fly, "my-blog-db", "shop")
    refused(on_fly, FOREIGN.format(reason="it has users that belong to other apps (shop)"))
    assert commands(plan(on_fly, "--database", "none"))


def test_an_app_with_the_databases_name(on_fly: OnPlatform) -> None:
    lifecycle.create_app(on_fly.state, "my-blog-db")
    lifecycle.create_app(on_fly.state, "any-db", role="postgres")
    refused(on_fly, FOREIGN.format(reason="it is an app, not a database"))


def test_a_database_in_another_organization(on_fly: OnPlatform) -> None:
    add_organization(on_fly, "acme")
    lifecycle.create_app(on_fly.state, "my-blog-db", "acme", role="postgres")
    refused(on_fly, FOREIGN.format(reason="it belongs to the organization acme"), "--org", "personal")


def test_an_unattached_managed_database(on_fly: OnPlatform) -> None:
    lifecycle.create_cluster(on_fly.state, "my-blog-db", "personal", "iad", "basic")
    assert commands(plan(on_fly, "--database", "managed", "--adopt"))[1] == "fly mpg attach ID --app my-blog"


def test_several_organizations(on_fly: OnPlatform) -> None:
    add_organization(on_fly, "acme")
    choices = "   -> Choose one of: --org acme, --org personal\n"
    found = "1. Your Fly.io account has several organizations.\n"
    refused(on_fly, found + choices)
    refused(on_fly, "1. Your Fly.io account has no organization nobody.\n" + choices, "--org", "nobody")
    assert commands(plan(on_fly, "--org", "acme"))[0] == "fly apps create my-blog --org acme"
    # An existing app has its own organization.
    lifecycle.create_app(on_fly.state, "my-blog", "acme")
    assert "--org acme" in commands(plan(on_fly, "--adopt"))[0]
    message = "1. The app my-blog belongs to the organization acme, not to personal.\n"
    remedy = "   -> Leave out --org, or choose another name: --deployed-project-name NAME\n"
    refused(on_fly, message + remedy, "--org", "personal")


@posix
def test_the_user_is_asked_for_the_organization(on_fly: OnPlatform) -> None:
    from matrix.sandbox.terminals import converse

    add_organization(on_fly, "acme")
    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", "fly_io", "--automate-all", "--dry-run"]
    env = on_fly.box.env | {"PYTHONUTF8": "1"}
    question = "Which Fly.io organization should own the app?"
    ended, shown = converse([*argv, *on_fly.named], (question, "1\n"), cwd=on_fly.checkout.root, env=env)
    assert ended == 0, shown
    assert "fly apps create my-blog --org acme" in shown


def test_regions(on_fly: OnPlatform) -> None:
    ended = on_fly.deploy("--region", "xyz")
    assert '1. Fly.io has no region "xyz" for this.\n   -> Choose one of: --region ams, ' in ended.stderr
    ended = on_fly.deploy("--dry-run")
    assert "was chosen from your time zone; --region NAME selects another one." in ended.stdout
    ended = on_fly.deploy("--dry-run", "--region", "syd")
    assert "--region syd" in ended.stdout
    assert "was chosen from your time zone" not in ended.stdout


def test_no_one_is_logged_in(on_fly: OnPlatform) -> None:
    with on_fly.state.change() as platform:
        platform["account"]["logged_in"] = False
    refused(
        on_fly,
        "1. You are not logged in to Fly.io: Error: no access token available. "
        "Please login with 'flyctl auth login'\n   -> Log in: fly auth login\n",
    )


@pytest.mark.parametrize("command", ["orgs list", "apps list", "platform regions"])
def test_an_invalid_answer_stops_the_run(command: str, on_fly: OnPlatform) -> None:
    before = on_fly.checkout.contents()
    on_fly.state.add_fault({"command": command, "returncode": 0, "stdout": "<html>Service unavailable</html>"})
    ended = on_fly.deploy()
    assert ended.returncode == 1
    assert f"1. This command returned no usable output: fly {command} --json\n" in ended.stderr
    on_fly.state.add_fault({"command": command, "returncode": 1, "stderr": "Error: network is down"})
    assert "Error: network is down" in on_fly.deploy().stderr
    assert on_fly.checkout.contents() == before


def test_every_command_is_known_to_the_emulated_cli(on_fly: OnPlatform) -> None:
    plans = [plan(on_fly), plan(on_fly, "--database", "managed")]
    issued = [step["argv"] for planned in plans for step in planned["steps"]]
    issued += [["fly", *call["argv"]] for call in on_fly.state.calls()]
    ours = [argv for argv in issued if argv[0] == "fly"]
    assert len(ours) > 15
    refusal = on_fly.emulator.refusal
    assert [(argv, reason) for argv in ours if (reason := refusal(argv))] == []
    assert refusal(["fly", "apps", "create", "--nonsense"])
    # The app of a command never depends on an environment variable or a file.
    free = {"version", "auth whoami", "orgs list", "apps list", "apps create", "platform regions", "postgres create"}
    free |= {"postgres list", "mpg list", "mpg create"}
    named = [argv for argv in ours if on_fly.emulator.command(argv[1:]) not in free]
    assert [argv for argv in named if "--app" not in argv] == []


def taught() -> list[str]:
    texts = load("fly_io").guide
    how = (texts.redeploy, texts.logs, texts.console, texts.superuser, texts.variable, texts.domain, texts.backup)
    words = {"app": "my-blog", "database": "my-blog-db", "apps": "my-blog my-blog-db"}
    words |= {"manage_py": "manage.py", "quoted_manage_py": "manage.py"}
    return [filled(command, words) for one in how for command in (*one.commands, texts.destroy)]


@pytest.mark.parametrize("command", [command for command in taught() if not command.startswith("git ")])
def test_every_documented_command_exists(command: str) -> None:
    import shlex

    from matrix.emulators.fly_io import EMULATOR
    from matrix.engine.deployer import started

    assert EMULATOR.refusal(started(shlex.split(command))) is None
