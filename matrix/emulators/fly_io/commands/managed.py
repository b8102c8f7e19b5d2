"""`mpg create`, `attach`, `list`, `status`, `destroy`: Managed Postgres."""

from __future__ import annotations

from urllib.parse import urlsplit

from matrix.emulators.fly_io import api, lifecycle, regions
from matrix.emulators.fly_io.console import CliError, not_interactive, say, say_json, say_table
from matrix.emulators.fly_io.model import Cluster
from matrix.emulators.fly_io.session import Session

# [flyctl source: mpg/plans.go] name, CPU, memory, dollars a month. Where nobody is asked, the plan
# "performance" is looked up in lower case, not found, and silently becomes "basic".
PLANS = {
    "basic": ("Basic", "Shared x 2", "1 GB", 38),
    "starter": ("Starter", "Shared x 2", "2 GB", 72),
    "launch": ("Launch", "Performance x 2", "8 GB", 282),
    "scale": ("Scale", "Performance x 4", "33 GB", 962),
}


def create(session: Session) -> None:
    """[flyctl source] There is no --json: `mpg list --json` tells the identifier."""
    session.platform()
    name = session.options.get("name")
    if not name:
        raise not_interactive("name argument or flag must be specified when not running interactively")
    organization, region = session.organization(), session.region()
    if region not in regions.MANAGED:
        known = " ".join(regions.MANAGED)
        raise CliError(f"region {region} is not available for Managed Postgres. Available regions: [{known}]")
    wanted = session.options.get("plan", "basic").lower()
    plan = wanted if wanted in PLANS else "basic"
    title, cpu, memory, dollars = PLANS[plan]
    say(f"Selected Plan: {title}\n  CPU: {cpu}\n  Memory: {memory}\n  Price: ${dollars} per month\n")
    version = int(session.options.get("pg-major-version", "16"))
    cluster = lifecycle.create_cluster(session.state, name, organization["slug"], region, plan, version)
    say(f"Waiting for cluster {name} ({cluster['id']}) to be ready...")
    say("Managed Postgres cluster created successfully!")
    _describe(cluster)


def _describe(cluster: Cluster) -> None:
    for label, value in (
        ("ID", cluster["id"]),
        ("Name", cluster["name"]),
        ("Organization", cluster["organization"]),
        ("Region", cluster["region"]),
        ("Plan", cluster["plan"]),
        ("Disk", f"{cluster['disk']}GB"),
        ("PostGIS", "false"),
        ("Connection string", cluster["url"]),
    ):
        say(f"  {label}: {value}")


def listing(session: Session) -> None:
    """[flyctl source] That there is none is said in words, even with --json."""
    slug = session.organization()["slug"]
    platform = session.platform()
    found = api.visible_clusters(platform, slug)
    if not found:
        say(f"No managed postgres clusters found in organization {slug}")
    elif session.has("json"):
        say_json([api.cluster_json(platform, cluster) for cluster in found])
    else:
        rows = [(c["id"], c["name"], c["organization"], c["region"], "ready", c["plan"]) for c in found]
        say_table(("ID", "Name", "Organization", "Region", "Status", "Plan"), rows)


def status(session: Session) -> None:
    """[flyctl source]"""
    cluster = _chosen(session)
    if not session.has("json"):
        _describe(cluster)
        return
    address = urlsplit(cluster["url"])
    say_json(
        {
            "data": api.cluster_json(session.platform(), cluster),
            "credentials": {
                "status": "ready",
                "user": address.username,
                "password": address.password,
                "dbname": address.path.lstrip("/"),
                "pgbouncer_uri": cluster["url"],
            },
        }
    )


def attach(session: Session) -> None:
    """[flyctl source] Database and user are the cluster's own; the secret is only set."""
    cluster, app = _chosen(session), session.app()
    variable = session.options.get("variable-name", "DATABASE_URL")
    lifecycle.attach_managed(session.state, cluster, app["name"], variable)
    say(f"Postgres cluster {cluster['id']} is being attached to {app['name']}")
    say(f"The following secret was added to {app['name']}:")
    say(f"  {variable}={cluster['url']}")


def destroy(session: Session) -> None:
    """[flyctl source]"""
    cluster = _chosen(session)
    if not session.has("yes"):
        raise not_interactive("yes flag must be specified when not running interactively")
    lifecycle.destroy_cluster(session.state, cluster)
    say(f"Managed Postgres cluster {cluster['name']} ({cluster['id']}) was destroyed")  # OWN WORDING


def _chosen(session: Session) -> Cluster:
    if not session.words:
        raise not_interactive("prompt: non interactive")
    return session.cluster(session.words[0])
