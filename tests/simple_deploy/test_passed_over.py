"""Settings for production that only lack a package here stop the run, if production has or could have the package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import make

from simple_deploy.inspect.passed_over import lacking_here, refusing
from simple_deploy.messages import errors
from simple_deploy.package_managers.files import Known

REASON = "ModuleNotFoundError: No module named '{}' (site/settings/production.py:1)"


@pytest.mark.parametrize(
    ("module", "declared", "files", "codes"),
    [
        ("sentry_sdk", {"sentry-sdk"}, {}, ["settings-package-missing"]),
        ("environ.env", {"django-environ"}, {}, ["settings-package-missing"]),
        ("decouple", {"python-decouple"}, {}, ["settings-package-missing"]),
        ("sentry_sdk", set(), {"requirements/prod.txt": "Django\nsentry-sdk\n"}, ["settings-requirements"]),
        ("storages", set(), {"requirements-production.txt": "django-storages\n"}, ["settings-requirements"]),
        ("sentry_sdk", set(), {"requirements/local.txt": "sentry-sdk\n"}, []),
        ("sentry_sdk", set(), {"requirements/prod.txt": "<<<<<<< HEAD\n"}, []),
        ("raven", set(), {}, []),
    ],
)
def test_a_package_that_is_missing_here(
    *, module: str, declared: set[str], files: dict[str, str], codes: list[str], tmp_path: Path
) -> None:
    project = make(tmp_path)
    passed = errors.settings_passed_over(module="site.settings.production", reason=REASON.format(module))
    settings = replace(project.settings, passed_over=(passed,))
    known = Known({path: text.encode() for path, text in files.items()})
    found = list(lacking_here(settings, replace(project.dependencies, declared=frozenset(declared)), known))
    assert [problem.code for problem in found] == codes
    for problem in found:
        assert problem.found.startswith(f"The site would get the settings {settings.module}. {passed.found}")
        assert problem.remedy.endswith(f"--settings {settings.module}")


@pytest.mark.parametrize(
    ("module", "reason", "refused"),
    [
        ("site.settings.dev", "RuntimeError: Refusing to start: no bucket (site/settings/prod.py:9)", True),
        ("site.settings.local", "ImproperlyConfigured: Set MAIL_KEY", True),
        ("site.settings.base", "RuntimeError: Refusing to start", False),
        ("site.settings.dev", "ModuleNotFoundError: No module named 'raven'", False),
        ("site.settings.dev", "KeyError: 'A'", False),
    ],
)
def test_settings_for_development_do_not_replace_those_that_refuse(
    module: str, reason: str, refused: bool, tmp_path: Path
) -> None:
    said = f"The settings module site.settings.prod for production could not be loaded: {reason}"
    passed = errors.settings_passed_over(module="site.settings.prod", reason=said)
    found = list(refusing(replace(make(tmp_path).settings, module=module, passed_over=(passed,))))
    assert [problem.code for problem in found] == (["settings-refuse"] if refused else [])
    assert not refused or (reason in found[0].found and found[0].remedy.endswith(f"--settings {module}"))


def test_other_reasons_are_no_problem(tmp_path: Path) -> None:
    project = make(tmp_path)
    passed = errors.settings_passed_over(module="site.settings.production", reason="KeyError: 'A'")
    assert not list(lacking_here(replace(project.settings, passed_over=(passed,)), project.dependencies, Known({})))
