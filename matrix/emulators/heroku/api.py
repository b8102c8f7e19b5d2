"""How Heroku's API shows what it has: the JSON that `--json` prints. Shapes: [recorded session]."""

from __future__ import annotations

from matrix.emulators.heroku.git_remotes import git_url
from matrix.emulators.heroku.model import Addon, App, Dyno, Platform, Release, current_release
from matrix.emulators.heroku.platform_facts import STACK

# Cents a month [Heroku's price list for the Essential plans of Heroku Postgres].
POSTGRES = "heroku-postgresql"
POSTGRES_PLANS = {"essential-0": 500, "essential-1": 900, "essential-2": 2000}


def app_json(platform: Platform, app: App) -> dict[str, object]:
    """An app ."""
    stack = {"id": STACK, "name": STACK}
    return {
        "acm": False,
        "archived_at": None,
        "buildpack_provided_description": "Python" if app["slug"] else None,
        "build_stack": stack,
        "created_at": app["created_at"],
        "git_url": git_url(app["name"]),
        "id": app["id"],
        "internal_routing": None,
        "maintenance": False,
        "name": app["name"],
        "owner": {"email": app["owner"], "id": platform["account"]["id"]},
        "region": {"id": app["region"], "name": app["region"]},
        "organization": None,
        "team": None,
        "space": None,
        "stack": stack,
        "generation": {"id": "cedar", "name": "cedar"},
        "released_at": app["releases"][-1]["created_at"],
        "repo_size": 0,
        "slug_size": 0,
        "updated_at": app["releases"][-1]["updated_at"],
        "web_url": f"https://{app['host']}/",
        "process_tier": "basic",
    }


def addon_json(app: App, addon: Addon) -> dict[str, object]:
    """An add-on."""
    price = {"cents": POSTGRES_PLANS[addon["plan"].partition(":")[2]], "unit": "month"}
    return {
        "id": addon["id"],
        "name": addon["name"],
        "state": "provisioned",
        "config_vars": [addon["config_var"]],
        "plan": {"name": addon["plan"], "price": price},
        "billed_price": price,
        "addon_service": {"name": POSTGRES},
        "app": {"id": app["id"], "name": app["name"]},
        "created_at": addon["created_at"],
    }


def attachment_json(app: App, addon: Addon) -> dict[str, object]:
    """What ties an add-on to its app."""
    owner = {"id": app["id"], "name": app["name"]}
    return {
        "name": addon["config_var"].removesuffix("_URL"),
        "app": owner,
        "addon": {"id": addon["id"], "name": addon["name"], "app": owner},
    }


def dyno_json(app: App, dyno: Dyno) -> dict[str, object]:
    """A dyno."""
    return {
        "attach_url": None,
        "command": dyno["command"],
        "created_at": dyno["updated_at"],
        "id": dyno["id"],
        "name": dyno["name"],
        "release": {"id": app["releases"][dyno["version"] - 1]["id"], "version": dyno["version"]},
        "app": {"name": app["name"], "id": app["id"]},
        "size": "Basic",
        "state": dyno["state"],
        "type": "web",
        "updated_at": dyno["updated_at"],
    }


def release_json(app: App, release: Release, email: str) -> dict[str, object]:
    """A release, made by the developer with that address."""
    slug = release["slug"]
    current = current_release(app)
    return {
        "version": release["version"],
        "current": release is current,
        "status": release["status"],
        "description": release["description"],
        "user": {"email": email, "id": app["id"]},
        "created_at": release["created_at"],
        "updated_at": release["updated_at"],
        "id": release["id"],
        "slug": {"id": slug} if slug else None,
        "addon_plan_names": release["addon_plans"],
        "app": {"id": app["id"], "name": app["name"]},
        "output_stream_url": f"https://release-output.heroku.com/streams/{release['id']}"
        if release["output"]
        else None,
        "eligible_for_rollback": release["status"] == "succeeded",
    }
