"""`python -m matrix.live`: run cells against a real platform, and destroy what they created (`nox -s integration`)."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from simple_deploy import platforms

from .. import display
from ..cells import Cell, NothingLeft, load_axes, select
from ..display import say
from ..engine.run import Run, StageSkipped, run_stages
from ..proving.prove import origin_of, result_of, run_of
from ..record import provenance, results
from ..record.results import CellResult, StageResult
from ..sandbox import isolation
from ..sandbox.machine import Sandbox
from . import ledger
from .destroying import NotDestroyed, destroy
from .real_platform import RealPlatform
from .stages import Consent, live_stages


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if all passed and nothing is left; 1 if not, or after a no; 2 if it cannot begin; 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    agree = _agree(yes=options.yes)
    try:
        if options.sweep:
            return _sweep(agree)
        if reason := _obstacle(options.platform):
            say(reason)
            return 2
        return _prove_all(options, agree)
    except (StageSkipped, NothingLeft) as error:
        say(f"Stopped: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    axes = load_axes()
    parser = argparse.ArgumentParser(prog="nox -s integration --", description=__doc__)
    parser.add_argument("--live", action="store_true", help="run against the real platform")
    parser.add_argument("--sweep", action="store_true", help="destroy what killed live runs left behind")
    parser.add_argument("--platform", choices=axes.values["platform"].known, default="heroku")
    parser.add_argument("--package-manager", action="append", metavar="NAME", help="default: pip")
    parser.add_argument("--layout", action="append", metavar="NAME", help="default: flat")
    parser.add_argument("--spend", type=float, default=15, metavar="DOLLARS", help="limit on the monthly cost")
    parser.add_argument("--unknown-cost", action="store_true", help="continue if only the platform can tell the cost")
    parser.add_argument("--yes", action="store_true", help="skip the confirmation")
    parser.add_argument("--results", type=Path, default=results.DEFAULT_FOLDER, metavar="DIR")
    return parser


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _agree(*, yes: bool) -> Callable[[str], bool]:
    def agree(text: str) -> bool:
        say(text)
        if yes:
            return True
        if not sys.stdin.isatty():
            raise StageSkipped("There is no terminal to ask at: --yes agrees beforehand.")
        return input("Go ahead? [y/N] ").strip().lower() in ("y", "yes")

    return agree


def _obstacle(name: str) -> str:
    """Why the real platform cannot be used: no CLI, or no login."""
    platform = platforms.load(name)
    cli = platform.cli
    if missing := RealPlatform(name).obstacle():
        return f"{missing} Install it: {cli.install}\nSee {cli.see}"
    ended = subprocess.run(cli.whoami, capture_output=True, encoding="utf-8", timeout=60, check=False)
    return "" if ended.returncode == 0 else f"You are not logged in to {platform.name}. Log in: {cli.login}"


def _prove_all(options: argparse.Namespace, agree: Callable[[str], bool]) -> int:
    filters = {
        "platform": [options.platform],
        "package_manager": options.package_manager or ["pip"],
        "layout": options.layout or ["flat"],
    }
    consent = Consent(cap=round(options.spend * 100), unknown_cost=options.unknown_cost, agree=agree)
    place = {"system": provenance.system(), "isolation": isolation.current()}
    found = [_proved(cell, consent, options.results) for cell in select(load_axes(), filters, place)]
    for line in display.cell_table(found):
        say(line)
    return 0 if all(result.status == "pass" for result in found) else 1


def _proved(cell: Cell, consent: Consent, folder: Path) -> CellResult:
    """Run one cell, and destroy what it created. Nothing is recorded after a no."""
    origin = origin_of(cell, "live")
    app = ledger.new_name()
    home = ledger.home() / app
    home.mkdir(parents=True)
    ran: tuple[StageResult, ...] = ()
    left = True
    try:
        with Sandbox.create(home, keep=True) as box:
            run = _run(box, cell, app, folder)
            try:
                _, ran = run_stages(live_stages(consent), run, lambda stage: say(display.stage_line(cell.id, stage)))
            finally:
                left = not _ended(box, app)
    finally:
        if not left:
            ledger.forget(home)
    reason = "what was created may still exist" if left else ""
    ended = StageResult(name="teardown", status="fail" if left else "pass", seconds=0.0, reason=reason)
    result = result_of(cell, (*ran, ended), origin, kind="live", versions={})
    if any(stage.name == "consent" and stage.status == "pass" for stage in ran):
        results.save(result, folder)
    return result


def _run(box: Sandbox, cell: Cell, app: str, folder: Path) -> Run:
    log = folder.resolve() / f"{cell.id}.live.log"
    run = run_of(cell, box, log=log, say=say, emulator=RealPlatform(cell.platform))
    return replace(run, options=("--deployed-project-name", app))


def _ended(box: Sandbox, app: str) -> bool:
    """Destroy what was begun; returns whether nothing is left. Ctrl-C does not end this early."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for entry in ledger.entries():
            if entry.app == app:
                say(f"{app}: {destroy(box, entry)}")
        return True
    except NotDestroyed as error:
        say(str(error))
        return False
    finally:
        signal.signal(signal.SIGINT, before)


def _sweep(agree: Callable[[str], bool]) -> int:
    """Destroy what killed runs have left."""
    found = list(ledger.entries())
    if not found:
        say("No live run has left anything behind.")
        return 0
    listed = "\n".join(f"  {entry.app} on {entry.platform}, begun {entry.begun}" for entry in found)
    if not agree(f"These will be destroyed with everything in them:\n{listed}"):
        raise StageSkipped("Nothing was destroyed.")
    left = 0
    for entry in found:
        with Sandbox.create() as box:
            RealPlatform(entry.platform).install(box)
            try:
                say(f"{entry.app}: {destroy(box, entry)}")
                ledger.forget(entry.folder)
            except NotDestroyed as error:
                say(str(error))
                left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
