"""Every app that is created on an emulated platform has the variables that were given before."""

import json

import pytest

from matrix import emulators
from matrix.emulators._upsun.containers import build_environment, run_environment
from matrix.emulators._upsun.example import CONFIGURATION
from matrix.emulators._upsun.flavour import FLAVOURS
from matrix.emulators._upsun.lifecycle import create
from matrix.emulators.fly_io.lifecycle import create_app as create_fly_app
from matrix.emulators.heroku.lifecycle import create_app as create_heroku_app
from matrix.sandbox.machine import Sandbox

GIVEN = {"SITE_NAME": "A name", "KEY": "0123456789"}


@pytest.fixture
def platform(request, tmp_path):
    with Sandbox.create(tmp_path) as box:
        emulator = emulators.load(request.param)
        emulator.install(box)
        store = emulator.store(box.root)
        store.give_variables(GIVEN)
        yield box, store


@pytest.mark.parametrize("platform", ["heroku"], indirect=True)
def test_on_heroku_they_are_config_vars(platform):
    box, store = platform
    box.run(["heroku", "apps:create", "blog"])
    assert json.loads(box.run(["heroku", "config", "--json", "--app", "blog"]).stdout) == GIVEN
    assert create_heroku_app(store, "theirs", owner="ann@example.com")["config"] == {}


@pytest.mark.parametrize("platform", ["fly_io"], indirect=True)
def test_on_fly_io_they_are_secrets_of_apps_but_not_of_database_clusters(platform):
    box, store = platform
    box.run(["fly", "apps", "create", "blog"])
    held = store.read()["apps"]["blog"]["secrets"]
    assert {name: secret["value"] for name, secret in held.items()} == GIVEN
    assert create_fly_app(store, "blog-db", role="postgres")["secrets"] == {}


@pytest.mark.parametrize("platform", ["upsun", "platform_sh"], indirect=True)
def test_on_upsun_builds_and_the_site_have_them(platform):
    _, store = platform
    project = create(store, "blog", "eu-5.platform.sh", store.read()["organizations"][0])
    project["environment"]["type"] = "production"
    built = build_environment(project, CONFIGURATION, "0" * 40)
    project["databases"] = {"db": "postgres://a:b@127.0.0.1:5432/x"}
    served = run_environment(FLAVOURS[store.flavour.name], project, CONFIGURATION, "0" * 40)
    assert {name: built[name] for name in GIVEN} == GIVEN == {name: served[name] for name in GIVEN}
    assert create(store, "theirs", "eu-5.platform.sh", store.read()["organizations"][0], owner="x")["variables"] == []
