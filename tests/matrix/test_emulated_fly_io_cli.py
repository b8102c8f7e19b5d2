"""The emulated `fly` prints what the real one prints, and rejects what that would reject."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from fly_project import create_cluster

from matrix.emulators.fly_io import EMULATOR as fly_io
from matrix.emulators.fly_io.lifecycle import create_app
from matrix.emulators.fly_io.lifecycle import create_cluster as create_managed
from matrix.emulators.fly_io.state import State
from matrix.sandbox.machine import Ran, Sandbox

# Each starts the CLI several times.
pytestmark = pytest.mark.long

NOTICE = (
    "\nUnmanaged Fly Postgres is not supported by Fly.io Support and users are responsible for operations, management, "
    "and disaster recovery. If you'd like a managed, supported solution, try 'fly mpg' (Managed Postgres).\n"
    "Please visit https://fly.io/docs/mpg/overview/ for more information about Managed Postgres.\n\n"
)


class Account:
    """A developer with the emulated Fly.io."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.state = State(box.root)

    def fly(self, *words: str, stdin: str | None = None, env: dict[str, str] | None = None) -> Ran:
        return self.box.run(["fly", *words], check=False, input=stdin, env=env)

    def said(self, *words: str, stdin: str | None = None) -> str:
        """Standard output of a command that succeeds and prints nothing else."""
        done = self.fly(*words, stdin=stdin)
        assert (done.returncode, done.stderr.removeprefix(NOTICE)) == (0, "")
        return done.stdout

    def json(self, *words: str) -> object:
        return json.loads(self.said(*words))

    def error(self, *words: str, env: dict[str, str] | None = None) -> str:
        """The error of a command that fails and prints nothing else."""
        done = self.fly(*words, env=env)
        assert (done.returncode, done.stdout) == (1, "")
        return done.stderr.removeprefix(NOTICE)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with Sandbox.create(tmp_path) as box:
        fly_io.install(box)
        yield Account(box)


def test_a_new_account(account: Account) -> None:
    assert account.said("version").startswith("fly v2026.8.21 linux/amd64 Commit: ")
    assert account.box.run(["flyctl", "version"]).stdout == account.said("version")
    version = account.said("version", "--json")
    assert version.count("\n") == 1
    assert json.loads(version)["Version"] == "2026.8.21"
    assert account.said("auth", "whoami") == "dev@example.com\n"
    assert account.said("auth", "whoami", "--json") == '{\n    "email": "dev@example.com"\n}\n'
    assert account.said("orgs", "list", "--json") == '{\n    "personal": "Dev"\n}\n'
    assert account.said("apps", "list") == "No apps found\n"
    assert account.said("apps", "list", "--json") == "[]\n"
    assert account.said("postgres", "list", "--json") == "No postgres clusters found\n"
    empty = "No managed postgres clusters found in organization personal\n"
    assert account.said("mpg", "list", "--org", "personal", "--json") == empty


def test_regions(account: Account) -> None:
    rows = account.json("platform", "regions", "--json")
    assert isinstance(rows, list)
    codes = "ams arn bom cdg dfw ewr fra gru iad jnb lax lhr nrt ord sin sjc syd yyz"
    assert " ".join(row["code"] for row in rows) == codes
    assert set(rows[0]) == {
        *("code", "name", "latitude", "longitude", "gateway_available", "requires_paid_plan", "deprecated"),
        *("capacity", "geo_region", "mpg_available"),
    }


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("frob", 'unknown command "frob" for "flyctl"'),
        ("apps frob", 'unknown command "frob" for "flyctl apps"'),
        ("apps create a b", "accepts at most 1 arg(s), received 2"),
        ("apps create --frob", "unknown flag: --frob"),
        ("apps create -z", "unknown shorthand flag: 'z' in -z"),
        ("apps create --org", "flag needs an argument: --org"),
        ("apps destroy", "requires at least 1 arg(s), only received 0"),
        ("mpg destroy", "accepts 1 arg(s), received 0"),
        ("status blog", 'unknown command "blog" for "flyctl status"'),
        (
            "deploy --ha=maybe",
            'invalid argument "maybe" for "--ha" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
        ),
        ("deploy --ha false .", "accepts at most 1 arg(s), received 2"),
        ("postgres users", 'unknown command "users" for "flyctl postgres"'),
    ],
)
def test_a_wrong_command_line_is_rejected(line: str, error: str) -> None:
    assert fly_io.refusal(["fly", *line.split()]) == error


@pytest.mark.parametrize(
    "line",
    [
        "logs --app blog --no-tail", "ssh console -a blog -C 'python manage.py shell'", "secrets set A=b --app blog",
        "certs add www.example.com --app blog", "ips list -ablog", "scale count 2 --app=blog",
        "pg connect --app blog-db", "mpg list", "machine list --app blog",
        "m list --app blog", "status", "apps open --app blog",
        "open",
        "apps destroy blog blog-db --yes", "proxy 5432 -a blog-db", "volumes list -a blog-db", "config validate",
        "releases --image", "deploy --ha=false --image-label commit-1 --remote-only", "mpg attach abc --app blog",
    ],
)  # fmt: skip
def test_documented_command_lines_are_accepted(line: str) -> None:
    assert fly_io.refusal(["flyctl", *shlex.split(line)]) is None


def test_aliases_resolve_to_one_command_with_a_syntax() -> None:
    assert fly_io.command(["pg", "users", "list", "-a", "blog-db"]) == "postgres users list"
    assert fly_io.command(["open"]) == "apps open"
    assert fly_io.command(["apps", "create", "blog", "--org", "personal"]) == "apps create"
    assert not fly_io.READING & {
        "apps create",
        "deploy",
        "secrets import",
        "secrets set",
        "postgres attach",
        "mpg create",
    }


def test_a_wrong_call_is_shown_and_counted(account: Account) -> None:
    assert account.error("deploy", "--frob") == "Error: unknown flag: --frob\n"
    assert (
        account.error("scale", "count", "2") == "Error: scale count exists, but this emulation does not carry it out.\n"
    )
    calls = [(call["argv"][0], call["returncode"]) for call in account.state.calls()]
    assert calls == [("deploy", 1), ("scale", 1)]


def test_commands_without_a_login_fail(account: Account) -> None:
    token = account.state.read()["account"]["token"]
    with account.state.change() as platform:
        platform["account"]["logged_in"] = False
    told = "Error: no access token available. Please login with 'flyctl auth login'\n"
    assert account.error("auth", "whoami") == told
    assert account.error("apps", "list", "--json") == told
    wrong = account.error("apps", "list", env={"FLY_API_TOKEN": "fm2_wrong"})
    assert wrong.startswith("Error: failed retrieving current user: ")
    for name in ("FLY_API_TOKEN", "FLY_ACCESS_TOKEN"):
        assert account.fly("auth", "whoami", env={name: token}).returncode == 0


def test_apps_are_created_and_destroyed(account: Account) -> None:
    made = account.fly("apps", "create", "blog")
    assert (made.stdout, made.stderr) == (
        "New app created: blog\n",
        "automatically selected personal organization: Dev\n",
    )
    shown = json.loads(account.said("apps", "create", "shop", "--org", "personal", "--json"))
    assert (shown["Status"], shown["Deployed"]) == ("pending", False)
    listed = account.json("apps", "list", "--json")
    assert isinstance(listed, list)
    assert [app["ID"] for app in listed] == ["blog", shown["ID"]] == ["blog", "shop"]
    assert [(app["Name"], app["Hostname"], app["Organization"]["Slug"]) for app in listed] == [
        ("blog", "blog.fly.dev", "personal"),
        ("shop", "shop.fly.dev", "personal"),
    ]
    assert set(shown) == set(listed[0])
    asked = account.fly("apps", "destroy", "blog")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr == (
        "Destroying an app is not reversible.\nError: yes flag must be specified when not running interactively\n"
    )
    assert account.said("apps", "destroy", "blog", "shop", "--yes") == "Destroyed app blog\nDestroyed app shop\n"
    assert account.said("apps", "list", "--json") == "[]\n"


def test_names_are_unique_on_the_platform_and_others_apps_are_hidden(account: Account) -> None:
    create_app(account.state, "blog", "stranger")
    taken = account.error("apps", "create", "blog", "--org", "personal")
    assert taken.startswith("Error: Validation failed: Name has already been taken (Request ID: 01")
    assert account.said("apps", "list", "--json") == "[]\n"
    assert account.error("status", "--app", "blog").startswith('Error: Could not find App "blog"')


def test_one_of_several_organizations_must_be_named(account: Account) -> None:
    with account.state.change() as platform:
        platform["organizations"]["acme"] = {"slug": "acme", "name": "Acme", "type": "SHARED"}
    told = "Error: org slug must be specified when not running interactively\n"
    assert account.error("apps", "create", "blog") == told
    assert account.json("orgs", "list", "--json") == {"acme": "Acme", "personal": "Dev"}
    account.said("apps", "create", "blog", "--org", "acme")
    assert account.json("apps", "list", "--json", "--org", "personal") == []


def test_the_app_is_found_by_flag_environment_and_configuration(account: Account) -> None:
    assert account.error("status").startswith("Error: the config for your app is missing an app name, ")
    for name in ("blog", "shop"):
        account.said("apps", "create", name, "--org", "personal")
    (account.box.work / "fly.toml").write_text("app = 'blog'\n", encoding="utf-8")
    assert "blog.fly.dev" in account.said("status")
    assert "shop.fly.dev" in account.fly("status", env={"FLY_APP": "shop"}).stdout
    assert "shop.fly.dev" in account.said("status", "-a", "shop")


def test_an_unmanaged_cluster_needs_all_its_sizes(account: Account) -> None:
    create = ("postgres", "create", "--name", "blog-db", "--org", "personal")
    assert account.error(*create) == "Error: region code must be specified when not running interactively\n"
    told = "Error: prompt: non interactive\n"
    assert account.error(*create, "--region", "iad") == told
    assert (
        account.error(*create, "--region", "iad", "--initial-cluster-size", "1", "--vm-size", "shared-cpu-1x") == told
    )
    assert account.state.read()["apps"] == {}


def test_an_unmanaged_cluster_is_an_app_and_is_attached_once(account: Account) -> None:
    made = create_cluster(account.box, "blog-db")
    assert made.stderr == NOTICE
    lines = made.stdout.splitlines()
    assert lines[:4] == [
        "Creating postgres cluster in organization personal",
        "Creating app...",
        "Setting secrets on app blog-db...",
        "Provisioning 1 of 1 machines with image flyio/postgres-flex:17.2",
    ]
    assert lines[lines.index("Postgres cluster blog-db created") + 1] == "  Username:    postgres"
    account.said("apps", "create", "blog-x", "--org", "personal")
    attach = ("postgres", "attach", "blog-db", "--app", "blog-x")
    said = account.said(*attach, "--yes").splitlines()
    assert said[:7] == [
        "Checking for existing attachments",
        "Registering attachment",
        "Creating database",
        "Creating user",
        "",
        "Postgres cluster blog-db is now attached to blog-x",
        "The following secret was added to blog-x:",
    ]
    assert said[7].startswith("  DATABASE_URL=postgres://") and said[7].endswith("?sslmode=disable")
    assert "@blog-db.flycast:" in said[7]
    again = account.fly(*attach)
    assert again.stderr == f'{NOTICE}Error: consumer app "blog-x" already contains a secret named DATABASE_URL\n'
    account.said("secrets", "unset", "DATABASE_URL", "--app", "blog-x")
    text = 'database user "blog_x" already exists. Please specify a new database user via --database-user'
    assert account.fly(*attach).stderr == f"{NOTICE}Error: {text}\n"
    account.said(*attach, "--database-user", "blog_y")
    users = account.json("postgres", "users", "list", "--app", "blog-db", "--json")
    assert isinstance(users, list)
    assert [user["username"] for user in users] == ["postgres", "blog_x", "blog_y"]
    clusters = account.json("postgres", "list", "--json")
    assert isinstance(clusters, list)
    assert [cluster["Name"] for cluster in clusters] == ["blog-db"]
    assert (
        account.error("postgres", "attach", "blog-x", "--app", "blog-x") == "Error: app blog-x is not a postgres app\n"
    )
    assert account.error("postgres", "detach", "blog-db", "--app", "blog-x") == "Error: prompt: non interactive\n"


def test_a_managed_cluster_survives_its_app(account: Account) -> None:
    account.said("apps", "create", "blog", "--org", "personal")
    create = ("mpg", "create", "--name", "blog-db", "--org", "personal", "--plan", "basic", "--region")
    assert account.error(*create, "jnb").startswith(
        "Error: region jnb is not available for Managed Postgres. Available"
    )
    said = account.said(*create, "iad")
    assert said.startswith("Selected Plan: Basic\n  CPU: Shared x 2\n  Memory: 1 GB\n  Price: $38 per month\n\nWaiting")
    ((cluster,),) = [account.json("mpg", "list", "--org", "personal", "--json")]  # type: ignore[misc]
    assert (cluster["name"], cluster["attached_apps"]) == ("blog-db", [])
    attach = ("mpg", "attach", cluster["id"], "--app", "blog")
    assert account.said(*attach).startswith(f"Postgres cluster {cluster['id']} is being attached to blog\n")
    told = "Error: app blog already has DATABASE_URL set. Use 'fly secrets unset DATABASE_URL' to remove it first\n"
    assert account.error(*attach) == told
    (cluster,) = account.json("mpg", "list", "--org", "personal", "--json")  # type: ignore[misc]
    assert [app["name"] for app in cluster["attached_apps"]] == ["blog"]
    status = account.json("mpg", "status", cluster["id"], "--json")
    assert isinstance(status, dict)
    assert status["credentials"]["pgbouncer_uri"].startswith("postgresql://")
    account.said("apps", "destroy", "blog", "--yes")
    (cluster,) = account.json("mpg", "list", "--org", "personal", "--json")  # type: ignore[misc]
    assert cluster["attached_apps"] == []
    account.said("mpg", "destroy", cluster["id"], "--yes")
    assert fly_io.inventory(account.box.root) == {"apps": {}, "clusters": {}}


def test_clusters_of_another_organization_are_hidden(account: Account) -> None:
    foreign = create_managed(account.state, "blog-db", "stranger", "iad", "basic")
    assert "No managed postgres clusters found" in account.said("mpg", "list", "--org", "personal")
    assert account.fly("mpg", "status", foreign["id"]).returncode == 1


def test_secrets_are_staged_and_never_shown(account: Account) -> None:
    account.said("apps", "create", "blog", "--org", "personal")
    assert account.said("secrets", "list", "--app", "blog", "--json") == "[]\n"
    staged = account.said("secrets", "import", "--app", "blog", "--stage", stdin='# why\n\nA=b=c\nKEY="""one\ntwo"""\n')
    assert staged == (
        "Secrets have been staged, but not set on VMs. "
        "Deploy or update machines in this app for the secrets to take effect.\n"
    )
    assert account.said("secrets", "set", "B=-", "--app", "blog", stdin="from stdin") == (
        "Secrets are staged for the first deployment\n"
    )
    stored = account.state.read()["apps"]["blog"]["secrets"]
    assert {name: secret["value"] for name, secret in stored.items()} == {
        "A": "b=c",
        "KEY": "one\ntwo",
        "B": "from stdin",
    }
    rows = account.json("secrets", "list", "--app", "blog", "--json")
    assert isinstance(rows, list)
    assert [(row["name"], row["status"], set(row)) for row in rows] == [
        (name, "Staged", {"name", "digest", "status"}) for name in ("A", "B", "KEY")
    ]
    assert "* A" in account.said("secrets", "list", "--app", "blog")
    for wrong in ("nonsense\n", "", "# nothing\n"):
        assert account.fly("secrets", "import", "--app", "blog", stdin=wrong).returncode == 1
    assert {"b=c", "one\ntwo", "from stdin"} <= set(fly_io.secrets(account.box.root))
    assert "from stdin" not in json.dumps(fly_io.inventory(account.box.root))


def test_faults_replace_the_work_or_come_after_it(account: Account) -> None:
    broken = "Error: Post https://api.machines.dev: connection refused"
    account.state.add_fault({"command": "apps create", "stderr": broken})
    assert account.error("apps", "create", "blog", "--org", "personal") == f"{broken}\n"
    assert account.state.read()["apps"] == {}
    account.state.add_fault({"command": "apps create", "stderr": broken, "after": True})
    assert account.fly("apps", "create", "blog", "--org", "personal").returncode == 1
    assert list(account.state.read()["apps"]) == ["blog"]


def test_apps_without_machines_do_not_respond(account: Account) -> None:
    done = account.box.run(
        ["python", "-c", "import urllib.request as u; u.urlopen('https://blog.fly.dev/')"], check=False
    )
    assert "HTTP Error 503" in done.stderr
