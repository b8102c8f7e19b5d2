"""What an installation from uv.lock includes."""

from __future__ import annotations

import pytest

from simple_deploy.package_managers import Known, uv, uv_lock

LOCK = """
version = 1

[[package]]
name = "Asgiref"
version = "3.9.0"
source = { registry = "https://index.example.com/simple" }

[[package]]
name = "celery"
version = "5.5.0"
source = { registry = "https://index.example.com/simple" }

[package.optional-dependencies]
redis = [
    { name = "redis" },
]

[[package]]
name = "django"
version = "5.2.8"
source = { registry = "https://index.example.com/simple" }
dependencies = [
    { name = "asgiref" },
]

[[package]]
name = "redis"
version = "6.4.0"
source = { registry = "https://index.example.com/simple" }

[[package]]
name = "root"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "celery", extra = ["redis"] },
]

[package.dev-dependencies]
dev = [
    { name = "django" },
]

[package.metadata]
requires-dist = [{ name = "celery", extras = ["redis"] }]

[[package]]
name = "web"
version = "1"
source = { editable = "packages/web" }
dependencies = [
    { name = "django" },
]
"""
ALONE = LOCK.partition('[[package]]\nname = "web"')[0]
MANIFEST = b'[project]\nname = "root"\ndependencies = ["celery[redis]"]\n'


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_groups_other_members_and_unused_extras_are_not_installed(newline: str) -> None:
    lock = LOCK.replace("\n", newline)
    assert uv_lock.installed(lock) == {"root", "celery", "redis"}
    assert uv_lock.installed(lock.replace('extra = ["redis"]', 'marker = "x"')) == {"root", "celery"}
    assert uv_lock.installed(lock, "packages/web") == {"web", "django", "asgiref"}
    assert uv_lock.members(lock, "django") == {"web": "packages/web"}
    assert uv_lock.members(lock, "redis") == {}


def test_a_package_that_is_locked_for_several_pythons_has_the_requirements_of_each() -> None:
    first, last = LOCK.split('[[package]]\nname = "redis"')
    newer = (
        '[[package]]\nname = "celery"\nversion = "6"\nsource = { registry = "https://index.example.com/simple" }\n\n'
    )
    several = f'{first}{newer}[[package]]\nname = "redis"{last}'
    assert uv_lock.installed(several) == {"root", "celery", "redis"}
    # uv names the version and its source then, before the extra.
    source = 'version = "6", source = { registry = "https://index.example.com/simple" }, extra'
    assert uv_lock.installed(several.replace("extra =", f"{source} =")) == {"root", "celery", "redis"}


@pytest.mark.parametrize("lock", ["", "[[package]]", "no lock at all", LOCK.replace('"."', '"other"')])
def test_the_project_is_not_in_the_lock(lock: str) -> None:
    assert uv_lock.installed(lock) is None


def test_django_in_a_member_of_the_workspace_is_not_installed() -> None:
    found, problems = uv.read(Known({"pyproject.toml": MANIFEST, "uv.lock": LOCK.encode()}))
    assert found is None and [problem.code for problem in problems] == ["workspace-member"]
    assert "packages/web/pyproject.toml" in problems[0].found and "uv add web" in problems[0].remedy


def test_django_in_a_group_counts_as_missing() -> None:
    found, problems = uv.read(Known({"pyproject.toml": MANIFEST, "uv.lock": ALONE.encode()}))
    assert not problems and found is not None
    assert found.versions == {"celery": "==5.5.0", "redis": "==6.4.0", "root": "==1"}
