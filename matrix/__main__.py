"""`python -m matrix`: plan, run, merge, judge and publish cells; rehearse a deployment; compute tables; list facts."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from . import display, walls
from .cells import load_axes
from .display import say
from .proving import fingerprints
from .record import facts, provenance, published, results, robustness, tables
from .record.results import StageResult
from .rehearsal import env_file, rehearsal_summary
from .verbs import ci, finish, judge, merge, plan, publish, run, trim

if TYPE_CHECKING:
    from .rehearsal.report import Report


def rehearse_project(arguments: Sequence[str]) -> int:
    """Run `simple-deploy rehearse`."""
    return main(["rehearse", *arguments], program="simple-deploy")


def main(arguments: Sequence[str] | None = None, *, program: str = f"python -m {provenance.HARNESS.name}") -> int:
    """Run a subcommand and return its exit status: 0 ok, 1 failed or stale, 2 usage, 130 Ctrl-C."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    cut = given.index("--") if "--" in given else len(given)
    options = _parser(program).parse_args(given[:cut])
    try:
        status: int = options.run(options, given[cut + 1 :])
    except KeyboardInterrupt:
        return 130
    return status


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    commands = parser.add_subparsers(required=True)
    for verb in (plan, run, finish, merge, judge, publish, trim):
        verb.add(commands)
    _add_rehearse(commands)
    page = commands.add_parser("tables", help="compute docs/support_matrix.md from the recorded results")
    page.add_argument("--check", action="store_true", help="change nothing; exit 1 if the page is stale")
    page.add_argument("--results", type=Path, default=results.COMMITTED, metavar="DIR", help="the record")
    page.add_argument(
        "--merge",
        type=Path,
        default=results.DEFAULT_FOLDER,
        metavar="DIR",
        help="results to add to the record first (default: %(default)s, where cells write theirs)",
    )
    page.add_argument("--page", type=Path, default=tables.PAGE, metavar="FILE", help=argparse.SUPPRESS)
    page.add_argument("--published", type=Path, default=published.FILE, metavar="FILE", help=argparse.SUPPRESS)
    page.set_defaults(run=_tables)
    review = commands.add_parser("facts", help="list prices, versions, regions and plans with date and source")
    review.add_argument("--check", action="store_true", help="exit 1 if one is older than a year")
    review.add_argument("--today", type=date.fromisoformat, default=date.today(), metavar="DAY", help="YYYY-MM-DD")
    review.set_defaults(run=_facts)
    jobs = commands.add_parser("ci", help="print the jobs of the CI workflow as JSON")
    jobs.add_argument("--plan", type=Path, metavar="FILE", help="the jobs for the cells in a plan (`plan --out`)")
    jobs.add_argument("--github-output", type=Path, metavar="FILE", help="append them as outputs of a step")
    jobs.set_defaults(run=_ci)
    return parser


def _ci(options: argparse.Namespace, rest: Sequence[str]) -> int:
    outputs = ci.outputs(load_axes(), plan.read(options.plan) if options.plan else ())
    if options.github_output:
        with options.github_output.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{name}={json.dumps(value)}\n" for name, value in outputs.items())
    else:
        say(json.dumps(outputs))
    return 0


def _facts(options: argparse.Namespace, rest: Sequence[str]) -> int:
    for paragraph in facts.listing(options.today):
        say(paragraph)
    old = sum(facts.is_old(fact, options.today) for _, _, fact in facts.every_fact())
    if old:
        say(f"{old} of these are older than a year: look them up, and change value and date in the file.")
    return 1 if old and options.check else 0


def _add_rehearse(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "rehearse",
        help="deploy a copy of a project to an emulated platform",
        epilog="Arguments after `--` go to simple_deploy. Exit status 0 only if the site was actually served.",
    )
    parser.add_argument("path", type=_folder, metavar="PATH", help="the project's Git root; it is only read")
    parser.add_argument("--platform", required=True, choices=load_axes().values["platform"].known)
    parser.add_argument("--python", metavar="X.Y", help="install it with this Python (default: the project's own)")
    parser.add_argument(
        "--install",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="a package that you have installed and the project does not list (repeatable)",
    )
    parser.add_argument(
        "--env",
        action="append",
        type=env_file.variable,
        default=[],
        metavar="NAME=VALUE",
        help="a variable for the deployed project (repeatable); NAME alone takes its value from your environment",
    )
    parser.add_argument(
        "--env-file",
        action="append",
        type=env_file.read,
        default=[],
        metavar="FILE",
        help="a file of NAME=VALUE lines (repeatable); --env takes precedence",
    )
    parser.add_argument("--isolation", choices=walls.KINDS, help="default: the strongest that works here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the report to this file as JSON")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="append a job summary for GitHub")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="save screenshots of the site's pages there")
    parser.add_argument("--keep", action="store_true", help="keep a site that passed running until Ctrl-C")
    parser.add_argument("--keep-failed", action="store_true", help="keep a failed run in place until Ctrl-C")
    parser.add_argument("--shell", action="store_true", help="do not deploy; open a shell in which you can")
    parser.set_defaults(run=_rehearse)


def _tables(options: argparse.Namespace, rest: Sequence[str]) -> int:
    if not options.check:
        merge.into(options.results, results.load(options.merge))
    record = results.load(options.results)
    here = published.current(record, fingerprints.Sources().digest)
    if not options.check:
        published.save(here, options.published)
    shown = published.load(options.published)
    if older := sum(result.sources != here.sources[published.kind(result)] for result in record):
        say(f"{older} of {len(record)} results were recorded with other sources than these.")
    robust = partial(robustness.of, is_old=shown.is_old, record=options.results)
    text = tables.page(load_axes(), tables.what_counts(load_axes(), record, shown, robust))
    if tables.is_current(options.page, text):
        return 0
    if options.check:
        say(f"{options.page} is not what the results say. Run: nox -s support_matrix")
        return 1
    options.page.write_text(text, encoding="utf-8", newline="\n")
    say(f"Wrote {options.page}")
    return 0


def _rehearse(options: argparse.Namespace, rest: Sequence[str]) -> int:
    from .proving.holding import Keep
    from .rehearsal.rehearse import rehearse
    from .rehearsal.report import Wanted
    from .sandbox import environments, isolation

    try:
        isolation.choose(options.isolation)
    except isolation.IsolationError as error:
        sys.stderr.write(f"{error}\n")
        return 2

    def on_stage(stage: StageResult) -> None:
        say(display.stage_line(options.path.name, stage))

    wanted = Wanted(
        project=options.path,
        platform=options.platform,
        python=options.python,
        variables=dict(options.env),
        offered={name: value for _, values in options.env_file for name, value in values.items()},
        env_files=tuple(file for file, _ in options.env_file),
        options=tuple(rest),
        packages=tuple(options.install),
        keep=Keep(passed=options.keep, failed=options.keep_failed),
        by_hand=options.shell,
        screenshots=options.screenshots,
    )
    folder = provenance.REPOSITORY if provenance.IN_A_CLONE else environments.cache_folder()
    log = folder / "results" / f"rehearse-{options.path.name}.log"
    show = partial(_show, file=options.json, kept=options.keep)
    report = rehearse(wanted, log=log, say=say, on_stage=on_stage, on_report=show)
    _write_json(report, options.json)
    if options.markdown:
        with options.markdown.open("a", encoding="utf-8", newline="\n") as file:
            file.write(rehearsal_summary.markdown(report))
    return 0 if report.passed else 1


def _show(report: "Report", *, file: Path | None, kept: bool) -> None:
    """Show the report and write it before the site is held: readers of a kept site do not wait for the end."""
    from simple_deploy.preview import shown_diff

    from .rehearsal.looking import sight_line

    for changed in report.files:
        for line in ("", *shown_diff(changed["diff"].splitlines())):
            say(line)
    for sight in report.sights:
        say(sight_line(sight))
    for one in report.not_working:
        say(f"does not work yet: {one}")
    for note in report.notes:
        say(f"note: {note}")
    if report.failure:
        say(f"\n{report.failure}")
    if report.url or report.failure:
        say(f"{'Served' if report.served else 'Not served'}: {report.url or 'no address'}\nLog: {report.log}")
    if report.served and not kept:
        say("The site ends now; --keep leaves it running.")
    _write_json(report, file)


def _write_json(report: "Report", file: Path | None) -> None:
    if file:
        file.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a folder")
    return path.resolve()


if __name__ == "__main__":
    sys.exit(main())
