"""`python public_api.py "TEXT OF A CHANGELOG LINE"`: record the current public API."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from simple_deploy import contract, platforms
from simple_deploy.management.commands.simple_deploy import Command
from simple_deploy.messages import errors, stops
from simple_deploy.messages.message import Message

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_suffix(".json")


def current() -> dict[str, object]:
    """The promises of docs/stability.md that can be listed."""
    djangos = {name for one in BaseCommand().create_parser("", "")._actions for name in one.option_strings}
    actions = Command().create_parser("manage.py", "simple_deploy")._actions
    found = [error for error in vars(stops).values() if isinstance(error, type) and issubclass(error, stops.Stop)]
    schemas = sorted((ROOT / "docs" / "reference").glob("*.schema.json"))
    return {
        "options": {
            "|".join(one.option_strings) or one.dest: one.nargs is None
            for one in actions
            if djangos.isdisjoint(one.option_strings)
        },
        "actions": next(list(one.choices or ()) for one in actions if one.dest == "action"),
        "exit statuses": {error.code: error.exit_status for error in found},
        "problem codes": sorted(one.code for one in vars(errors).values() if isinstance(one, Message)),
        "schemas": {path.name: json.loads(path.read_text(encoding="utf-8")) for path in schemas},
        "platforms": list(platforms.installed()),
        "entry points": platforms.GROUP,
        "contract version": contract.VERSION,
        "contract names": sorted(contract.__all__),
    }


def changes(kept: dict[str, object], now: dict[str, object]) -> list[str]:
    """The parts of the API that differ. Lists may gain names, but not lose any."""
    return [part for part in sorted({*kept, *now}) if not _same(kept.get(part), now.get(part))]


def _same(kept: object, now: object) -> bool:
    if isinstance(kept, list) and isinstance(now, list):
        return set(kept) <= set(now)
    return kept == now


def told(line: str, changelog: str) -> bool:
    """Whether the changelog has the line, whatever its line breaks."""
    return bool(line.strip()) and " ".join(line.split()) in " ".join(changelog.split())


def main(line: str) -> int:
    """Record the current API; exit status 1 if the changelog does not have the line, or the line is the last one."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {"changelog": ""}
    unreleased = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    if line == kept["changelog"] or not told(line, unreleased):
        sys.stdout.write("Add a line about this change to CHANGELOG.md under Unreleased, and name it here.\n")
        return 1
    KEPT.write_text(json.dumps({"changelog": line, "api": current()}, indent=1) + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
