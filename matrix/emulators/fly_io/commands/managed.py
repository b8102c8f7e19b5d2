"""`mpg create`, `attach`, `list`, `status`, `destroy`: Managed Postgres."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..._kit.cobra import CliError
from ..._kit.console import say, say_json
from .. import api, lifecycle
from ..session import FlySession

# [flyctl source: mpg/plans.go] name, CPU, memory, dollars a month. Without a terminal, the plan
# "performance" is looked up in lower case, not found, and silently becomes "basic".
PLANS = {
    "basic": ("Basic", "Shared x 2", "1 GB", 38),
    "starter": ("Starter", "Shared x 2", "2 GB", 72),
    "launch": ("Launch", "Performance x 2", "8 GB", 282),
    "scale": ("Scale", "Performance x 4", "33 GB", 962),
}


def create(session: FlySession) -> None:
    """[flyctl source] There is no --json: `mpg list --json` shows the identifier."""
    session.platform()
    name = session.name()
    organization, region = session.organization(), session.region()
    managed = [code for code, row in api.regions().items() if row["mpg_available"]]
    if region not in managed:
        known = " ".join(managed)
        raise CliError(f"region {region} is not available for Managed Postgres. Available regions: [{known}]")
    wanted = session.value("plan", "basic").lower()
    plan = wanted if wanted in PLANS else "basic"
    title, cpu, memory, dollars = PLANS[plan]
    say(api.TEXTS("plan", title=title, cpu=cpu, memory=memory, dollars=dollars) + "\n")
    version = int(session.value("pg-major-version", "16"))
    cluster = lifecycle.create_cluster(session.state, name, organization["slug"], region, plan, version)
    say(f"Waiting for cluster {name} ({cluster['id']}) to be ready...")
    say("Managed Postgres cluster created successfully!")
    say(api.TEXTS("managed cluster", cluster=cluster))


def listing(session: FlySession) -> None:
    """[flyctl source] An empty list is a sentence, even with --json."""
    slug = session.organization()["slug"]
    platform = session.platform()
    found = [cluster for cluster in platform["clusters"].values() if cluster["organization"] == slug]
    if not found:
        say(f"No managed postgres clusters found in organization {slug}")
        return
    rows = [(c["id"], c["name"], c["organization"], c["region"], "ready", c["plan"]) for c in found]
    shown = [api.cluster_json(platform, cluster) for cluster in found]
    session.show(shown, ("ID", "Name", "Organization", "Region", "Status", "Plan"), rows)


def status(session: FlySession) -> None:
    """[flyctl source]"""
    cluster = session.cluster()
    if not session.has("json"):
        say(api.TEXTS("managed cluster", cluster=cluster))
        return
    address = urlsplit(cluster["url"])
    credentials = {
        "status": "ready",
        "user": address.username,
        "password": address.password,
        "dbname": address.path.lstrip("/"),
        "pgbouncer_uri": cluster["url"],
    }
    say_json({"data": api.cluster_json(session.platform(), cluster), "credentials": credentials}, 4)


def attach(session: FlySession) -> None:
    """[flyctl source] Database and user are the cluster's own; the secret is only set."""
    cluster, app = session.cluster(), session.app()
    variable = session.value("variable-name", "DATABASE_URL")
    lifecycle.attach_managed(session.state, cluster, app["name"], variable)
    say(f"Postgres cluster {cluster['id']} is being attached to {app['name']}")
    say(f"The following secret was added to {app['name']}:\n  {variable}={cluster['url']}")


def destroy(session: FlySession) -> None:
    """[flyctl source]"""
    cluster = session.cluster()
    session.confirmed()
    lifecycle.destroy_cluster(session.state, cluster)
    say(f"Managed Postgres cluster {cluster['name']} ({cluster['id']}) was destroyed")  # OWN WORDING
