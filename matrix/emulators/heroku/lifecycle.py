"""Apps come and go: the state, the repository, the databases and the web process of each."""

from __future__ import annotations

import os
import shutil

from matrix.emulators.heroku.console import api_error
from matrix.emulators.heroku.model import App, Release
from matrix.emulators.heroku.state import State
from matrix.emulators.store import new_id, now


def create_app(state: State, name: str, region: str = "us", owner: str | None = None) -> App:
    """A new app of the developer, or of another `owner`, who keeps it to himself. Names are unique on all of Heroku."""
    with state.change() as platform:
        if name in platform["apps"]:
            raise api_error(f"Name {name} is already taken", "invalid_params")
        app = platform["apps"][name] = _new_app(name, owner or platform["account"]["email"], region)
    if owner is None:
        from matrix.emulators.heroku import repository

        repository.create(state.root, name)
    return app


def destroy_app(state: State, app: App) -> None:
    """Forget an app with everything that belongs to it."""
    from matrix.emulators.heroku import repository
    from matrix.sandbox.control import Control

    control = Control.connect(state.root)
    control.stop_site(app["name"])
    for addon in app["addons"]:
        control.drop_database(addon["database"])
    repository.remove(state.root, app["name"])
    shutil.rmtree(state.app_folder(app["name"]), ignore_errors=True)
    with state.change() as platform:
        del platform["apps"][app["name"]]


def _new_app(name: str, owner: str, region: str) -> App:
    return {
        "id": new_id(),
        "name": name,
        "owner": owner,
        "collaborators": [],
        "region": region,
        "host": f"{name}-{os.urandom(6).hex()}.herokuapp.com",
        "created_at": now(),
        "config": {},
        "features": [],
        "addons": [],
        # [recorded session] every app starts with these two
        "releases": [_release(1, "Initial release"), _release(2, "Enable Logplex")],
        "slug": None,
        "dynos": [],
    }


def _release(version: int, description: str) -> Release:
    return {
        "id": new_id(),
        "version": version,
        "description": description,
        "status": "succeeded",
        "created_at": now(),
        "updated_at": now(),
        "slug": None,
        "env": {},
        "output": None,
        "addon_plans": [],
    }
