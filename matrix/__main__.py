"""`python -m matrix`: rehearse a deployment of any project, compute the support tables, or list the jobs of CI."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from matrix import ci, display, provenance, results, tables
from matrix.cells import load_axes
from matrix.results import CellResult, StageResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return its exit status: 0 ok, 1 failed or stale, 2 usage, 130 Ctrl-C."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    cut = given.index("--") if "--" in given else len(given)
    options = _parser().parse_args(given[:cut])
    try:
        status: int = options.run(options, given[cut + 1 :])
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matrix", description=__doc__)
    commands = parser.add_subparsers(required=True)
    rehearsal = commands.add_parser(
        "rehearse",
        help="deploy a copy of a project to an emulated platform",
        epilog="What follows `--` goes to simple_deploy. Exit status 0 only if the site was really served.",
    )
    rehearsal.add_argument("path", type=_folder, metavar="PATH", help="the project's Git root; it is only read")
    rehearsal.add_argument("--platform", required=True, choices=load_axes().values["platform"].known)
    rehearsal.add_argument("--json", type=Path, metavar="FILE", help="write the report there as JSON too")
    rehearsal.add_argument("--keep", action="store_true", help="leave the site running until Ctrl-C")
    rehearsal.set_defaults(run=_rehearse)
    page = commands.add_parser("tables", help="compute docs/support_matrix.md from the recorded results")
    page.add_argument("--check", action="store_true", help="change nothing; exit 1 where the page is stale")
    page.add_argument("--results", type=Path, default=results.COMMITTED, metavar="DIR", help="the record")
    page.add_argument(
        "--merge",
        type=Path,
        default=results.DEFAULT_FOLDER,
        metavar="DIR",
        help="results to add to the record first (default: %(default)s, where cells write theirs)",
    )
    page.add_argument("--page", type=Path, default=tables.PAGE, metavar="FILE", help=argparse.SUPPRESS)
    page.set_defaults(run=_tables)
    jobs = commands.add_parser("ci", help="print the jobs of the CI workflow as JSON")
    jobs.set_defaults(run=_ci)
    return parser


def _ci(options: argparse.Namespace, rest: Sequence[str]) -> int:
    _say(json.dumps(ci.jobs(load_axes())))
    return 0


def _tables(options: argparse.Namespace, rest: Sequence[str]) -> int:
    if not options.check:
        _merge(options.merge, options.results)
    record = results.load(options.results)
    text = tables.page(load_axes(), record)
    if older := sum(map(_is_of_other_sources, record)):
        _say(f"{older} of {len(record)} results were recorded with other sources than these.")
    if tables.is_current(options.page, text):
        return 0
    if options.check:
        _say(f"{options.page} is not what the results say. Run: nox -s support_matrix")
        return 1
    options.page.write_text(text, encoding="utf-8", newline="\n")
    _say(f"Wrote {options.page}")
    return 0


def _merge(new: Path, record: Path) -> None:
    for result in results.load(new):
        if result.commit.endswith("+"):
            _say(f"Left out {result.name}: it ran with changes that are not committed.")
        else:
            results.save(result, record)


def _is_of_other_sources(result: CellResult) -> bool:
    here = result.system == provenance.system()
    return here and result.fingerprint != provenance.fingerprint(python=result.cell.python)


def _rehearse(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from matrix.rehearse import rehearse, sight_line

    def on_stage(stage: StageResult) -> None:
        _say(display.stage_line(options.path.name, stage))

    log = provenance.REPOSITORY / "results" / f"rehearse-{options.path.name}.log"
    report = rehearse(
        options.path,
        platform=options.platform,
        log=log,
        say=_say,
        on_stage=on_stage,
        keep=options.keep,
        options=rest,
    )
    for file in report.files:
        _say(f"\n{file['diff']}")
    for sight in report.sights:
        _say(sight_line(sight))
    for stage in report.stages:
        if stage.status == "fail":
            _say(f"\n{stage.name} failed:\n{stage.reason}")
    _say(f"\n{'Served' if report.served else 'Not served'}: {report.url or 'no address'}\nLog: {log}")
    if options.json:
        options.json.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0 if report.passed else 1


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a folder")
    return path.resolve()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
