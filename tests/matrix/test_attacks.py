"""Each condition after an attack has an example that violates it, and the attacks match the page."""

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from matrix.attacks.__main__ import MODULES, chosen, main
from matrix.attacks.app import creates_or_refuses
from matrix.attacks.attack import ATTACKS, Attack, Trace, complaints
from matrix.attacks.scene import Scene, lasting
from matrix.cells import load_axes
from matrix.sandbox.processes import Ran

FAILURE = '{"status": "failed", "error": {"message": "no"}}'
REFUSED = Ran(argv=(), returncode=1, stdout=FAILURE, stderr="Stopped: no\n  -> Use --adopt.\n", seconds=1.0, left=())
ATTACK = Attack(group="app", name="an attack", names=("--adopt",))


def found(attack: Attack, **seen: object) -> list[str]:
    known = Trace(ended=REFUSED, text=REFUSED.stdout + REFUSED.stderr)
    return list(complaints(attack, replace(known, **seen)))  # type: ignore[arg-type]


def test_a_correct_refusal_causes_no_complaint() -> None:
    assert found(ATTACK) == []
    assert found(ATTACK, secrets=("hidden",), others=()) == []


@pytest.mark.parametrize(
    ("seen", "complaint"),
    [
        ({"ended": replace(REFUSED, returncode=0)}, "exit status 0 instead of 1"),
        ({"ended": replace(REFUSED, stderr=REFUSED.stderr + "Traceback (most recent call last):\n")}, "a traceback"),
        ({"ended": replace(REFUSED, stderr="")}, "0 messages instead of one"),
        ({"ended": replace(REFUSED, stderr=REFUSED.stderr * 2)}, "2 messages instead of one"),
        (
            {"ended": replace(REFUSED, stderr="Stopped: simple_deploy hit an unexpected error: --adopt\n")},
            "an unexpected error",
        ),
        ({"ended": replace(REFUSED, stderr="Stopped: no\n")}, "the message names none of --adopt"),
        ({"ended": replace(REFUSED, stdout="no")}, "standard output is not JSON"),
        ({"ended": replace(REFUSED, stderr=REFUSED.stderr + "\x1b[2J")}, "a control character ('\\x1b')"),
        ({"ended": replace(REFUSED, stderr=REFUSED.stderr + "\u202e")}, "a control character ('\\u202e')"),
        ({"secrets": ("--adopt",)}, "secret 1 can be read"),
        ({"project": ("manage.py",)}, "refused, but the project changed: manage.py"),
        ({"account": ("blog",)}, "refused, but the account changed: blog"),
        ({"outside": ("canary",)}, "changed outside of the project: canary"),
        ({"others": ("theirs",)}, "changed of someone else's: theirs"),
        ({"more": ("it went on",)}, "it went on"),
    ],
)
def test_each_complaint_is_made(seen: dict[str, object], complaint: str) -> None:
    assert [text for text in found(ATTACK, **seen) if text.startswith(complaint)]


def test_a_run_that_may_write_may_fail_afterwards() -> None:
    assert found(replace(ATTACK, writes=True), project=("manage.py",), account=("blog",)) == []


CREATE = {"id": "create", "state": "planned", "creates": "the app blog", "argv": ["fly", "apps", "create", "blog"]}
PUSH = {"id": "push", "state": "planned", "argv": ["git", "push"]}


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ([CREATE, PUSH], []),
        ([PUSH], ["the plan creates nothing"]),
        ([CREATE, {**PUSH, "state": "already done"}], ["the step push counts as already done"]),
        ([CREATE, {**PUSH, "argv": ["git", "push", "https://x/0f9a.git"]}], ["the step push names 0f9a"]),
        ([{**CREATE, "argv": ["fly", "deploy", "--app=same-name"]}], ["the step create names same-name"]),
    ],
)
def test_a_plan_that_uses_an_existing_app_is_wrong(steps: list[object], complaint: list[str], tmp_path: Path) -> None:
    scene = Scene(run=None, folder=tmp_path, outside=tmp_path, others={"0f9a"})  # type: ignore[arg-type]
    ended = replace(REFUSED, returncode=0, stdout=json.dumps({"steps": steps}))
    assert list(creates_or_refuses(scene, ended)) == complaint
    assert list(creates_or_refuses(scene, REFUSED)) == []


def test_a_suspended_machine_is_not_a_change_but_a_new_version_is() -> None:
    machine = {"id": "1", "version": "1", "state": "started", "checks": [], "asleep": 0, "woken": 0, "updated_at": "a"}
    slept = {**machine, "state": "stopped", "checks": ["x"], "asleep": 7, "woken": 1, "updated_at": "b"}
    assert lasting({"machines": [machine]}) == lasting({"machines": [slept]})
    assert lasting({"machines": [machine]}) != lasting({"machines": [{**slept, "version": "2"}]})
    assert lasting({"title": "blog"}) == {"title": "blog"}


def every_attack() -> Iterator[Attack]:
    return chain.from_iterable(module.attacks() for module in MODULES)


def test_every_attack_has_a_unique_name_and_a_group() -> None:
    names = [(attack.name, *attack.platforms) for attack in every_attack()]
    assert len(names) == len(set(names)) > 500
    assert {attack.group for attack in every_attack()} == set(ATTACKS.kinds)


def test_the_page_has_a_place_for_the_figures_and_names_every_group() -> None:
    text = ATTACKS.page.read_text(encoding="utf-8")
    assert ATTACKS.begin in text
    assert [kind for kind in ATTACKS.kinds if f"- **{kind}**: " not in text] == []


def test_every_third_attack_on_each_platform_covers_nearly_all() -> None:
    platforms = load_axes().values["platform"].known
    tried = {
        attack.name for platform in platforms for attack in chosen(platform, Namespace(group=None, only=None, every=3))
    }
    everywhere = {attack.name for attack in every_attack() if not attack.platforms}
    assert len(everywhere & tried) / len(everywhere) > 0.95


@pytest.mark.long
def test_after_an_attack_that_destroys_the_app_the_next_one_has_a_deployed_app() -> None:
    attacks = ("--only", "replaced by another of its name", "--only", "the app has DEBUG=True set")
    assert main(["--platform", "heroku", *attacks]) == 0


def test_figures_of_a_partial_run_are_not_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--record", "--group", "app"])
    assert stopped.value.code == 2
    assert "what is kept must be of every group" in capsys.readouterr().err
