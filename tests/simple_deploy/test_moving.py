"""Moving to another platform, as in docs/guides/moving.md: both sites work, and the old one can be removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from matrix import emulators

if TYPE_CHECKING:
    from conftest import OnPlatform

pytestmark = pytest.mark.long
WAYS = [("heroku", "fly_io"), ("fly_io", "upsun"), ("upsun", "heroku")]


def shown(machine: OnPlatform) -> Any:
    ended = machine.checkout.python("manage.py", "simple_deploy", "status", "--json", "--platform", machine.platform)
    assert ended.returncode == 0, ended.stdout
    return json.loads(ended.stdout)


@pytest.mark.parametrize(("old", "new"), WAYS)
def test_both_sites_work_and_the_old_one_can_be_removed(
    old: str, new: str, small_project: Path, machine_with: Callable[..., AbstractContextManager[OnPlatform]]
) -> None:
    with machine_with(old, small_project) as before:
        first = before.deploy()
        assert first.returncode == 0, first.stderr
        emulator = emulators.load(new)
        emulator.install(before.box)
        state = emulator.store(before.box.root)
        checkout = replace(before.checkout, env={**before.checkout.env, **before.box.env})
        after = replace(before, platform=new, emulator=emulator, state=state, checkout=checkout)
        before = replace(before, checkout=checkout)
        # An emulated machine stores the processes of all platforms by the app's name.
        second = after.deploy("--deployed-project-name", "new-blog")
        assert second.returncode == 0, second.stderr
        for machine in (before, after):
            address = shown(machine)["address"]
            assert address["healthy"], address
        # Without --platform, it is the newer one.
        ended = checkout.python("manage.py", "simple_deploy", "status", "--json")
        assert json.loads(ended.stdout)["platform"] == new
        again = before.deploy("--dry-run")
        assert again.returncode == 0, again.stderr
        named = ("--yes", "--deployed-project-name", "my-blog")
        gone = checkout.python("manage.py", "simple_deploy", "--destroy", "--platform", old, *named)
        assert gone.returncode == 0, gone.stderr
        assert shown(after)["address"]["healthy"]
