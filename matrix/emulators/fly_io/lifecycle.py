"""The creation and removal of apps, clusters and attachments. Tests also use it to fill an account."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from .._kit.cobra import CliError
from .._kit.store import now
from .session import api_error
from .state import App, Attachment, Cluster, Secret, State, short_id


def create_app(
    state: State, name: str, organization: str = "personal", *, role: str = "app", region: str = "iad"
) -> App:
    """A new app. Names are unique on all of Fly.io; one in an organization that is not the developer's is hidden."""
    app: App = {
        "name": name,
        "organization": organization,
        "role": "postgres" if role == "postgres" else "app",
        "region": region,
        "created_at": now(),
        "addresses": [],
        "secrets": {},
        "machines": [],
        "releases": [],
        "attachments": [],
    }
    with state.change() as platform:
        if name in platform["apps"]:
            raise api_error("Validation failed: Name has already been taken")
        platform["apps"][name] = app
    return app


def destroy_app(state: State, app: App) -> None:
    """Remove an app: its machines and, of an unmanaged cluster, its databases. Managed clusters stay."""
    databases = [attachment["stored_as"] for attachment in app["attachments"]]
    state.remove_site(app["name"], databases, state.app_folder(app["name"]))
    with state.change() as platform:
        del platform["apps"][app["name"]]
        for cluster in platform["clusters"].values():
            cluster["attached"] = [name for name in cluster["attached"] if name != app["name"]]


def set_secrets(state: State, app: str, values: Mapping[str, str | None]) -> None:
    """Stage secrets for the next start of the app's machines; None removes one."""
    with state.change() as platform:
        known = platform["apps"][app]["secrets"]
        for name, value in values.items():
            if value is None:
                known.pop(name, None)
            else:
                known[name] = _secret(value)


def attach(
    state: State, cluster: str, app: str, *, database: str = "", user: str = "", variable: str = "DATABASE_URL"
) -> str:
    """Create a database in an unmanaged cluster, give its URL to an app as a staged secret, and return the URL.

    On the sandbox's server the database and the user have other names and there is no port 5432, so the URL differs in
    these from the real one's `postgres://user:password@CLUSTER.flycast:5432/database`.
    Raises CliError [flyctl source: postgres attach].
    """
    platform = state.read()
    own = app.replace("-", "_").lower()
    database, user = database or own, user or own
    if variable in platform["apps"][app]["secrets"]:
        raise CliError(f'consumer app "{app}" already contains a secret named {variable}')
    if any(known["user"] == user for known in platform["apps"][cluster]["attachments"]):
        text = "Please specify a new database user via --database-user"
        raise CliError(f'database user "{user}" already exists. {text}')
    stored_as = f"{cluster}_{os.urandom(4).hex()}"
    url = _at(state.sandbox().create_database(stored_as), "postgres", f"{cluster}.flycast")
    attachment: Attachment = {"app": app, "database": database, "user": user, "stored_as": stored_as}
    with state.change() as platform:
        platform["apps"][cluster]["attachments"].append(attachment)
        platform["apps"][app]["secrets"][variable] = _secret(f"{url}?sslmode=disable")
    return f"{url}?sslmode=disable"


def create_cluster(state: State, name: str, organization: str, region: str, plan: str, version: int = 16) -> Cluster:
    """A new cluster of Managed Postgres, with its database."""
    cluster_id = short_id(16)
    stored = state.sandbox().create_database(f"mpg_{cluster_id}")
    cluster: Cluster = {
        "id": cluster_id,
        "name": name,
        "organization": organization,
        "region": region,
        "plan": plan,
        "version": version,
        "disk": 10,
        "url": _at(stored, "postgresql", f"pgbouncer.{cluster_id}.flympg.net"),
        "attached": [],
        "created_at": now(),
    }
    with state.change() as platform:
        platform["clusters"][cluster_id] = cluster
    return cluster


def destroy_cluster(state: State, cluster: Cluster) -> None:
    """Remove a managed cluster and its database; secrets that name it stay."""
    state.sandbox().drop_database(f"mpg_{cluster['id']}")
    with state.change() as platform:
        del platform["clusters"][cluster["id"]]


def attach_managed(state: State, cluster: Cluster, app: str, variable: str = "DATABASE_URL") -> None:
    """Give the URL of a managed cluster to an app as a staged secret. Raises CliError [flyctl source: mpg attach]."""
    with state.change() as platform:
        owner = platform["apps"][app]
        if owner["organization"] != cluster["organization"]:
            text = f"is in organization {cluster['organization']}, app {app} in {owner['organization']}"
            raise CliError(f"cluster {cluster['id']} {text}")  # OWN WORDING
        if variable in owner["secrets"]:
            text = f"Use 'fly secrets unset {variable}' to remove it first"
            raise CliError(f"app {app} already has {variable} set. {text}")
        owner["secrets"][variable] = _secret(cluster["url"])
        platform["clusters"][cluster["id"]]["attached"].append(app)


def database_hosts(state: State) -> list[str]:
    """Every host name at which machines find a database."""
    platform = state.read()
    clusters = [name for name, app in platform["apps"].items() if app["role"] == "postgres"]
    unmanaged = [f"{name}.{suffix}" for name in clusters for suffix in ("flycast", "internal")]
    return [*unmanaged, *(f"pgbouncer.{cluster}.flympg.net" for cluster in platform["clusters"])]


def _secret(value: str) -> Secret:
    return {"value": value, "digest": hashlib.sha256(value.encode()).hexdigest()[:16], "status": "Staged"}


def _at(url: str, scheme: str, host: str) -> str:
    """A URL of the sandbox's server with the host name that machines use."""
    return urlsplit(url.replace("127.0.0.1", host))._replace(scheme=scheme).geturl()
