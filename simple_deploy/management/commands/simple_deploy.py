"""`manage.py simple_deploy`: argv → Options; errors → messages and exit statuses."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import traceback
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.utils.crypto import get_random_string

from simple_deploy.effects.interrupts import quiet_interrupts

# What Django and the project have loaded stays: searching it for garbage would take a fifth of a configuring run.
gc.freeze()

with quiet_interrupts():
    from simple_deploy import __version__, env_options, package_managers, pipeline, platform_choice, platforms, workflow
    from simple_deploy.contract import Platform
    from simple_deploy.effects import installation
    from simple_deploy.effects.log import Log
    from simple_deploy.effects.outlet import Outlet
    from simple_deploy.effects.terminal import Terminal
    from simple_deploy.env_options import Variables
    from simple_deploy.masking.known_secrets import known_secrets
    from simple_deploy.masking.redact import Redactor, in_strings, visible
    from simple_deploy.masking.telling import secrets_in
    from simple_deploy.messages import errors, stops
    from simple_deploy.model import Ending, Json, Options, Outcome, Problem, Purpose, Secret

_RECIPE = "secrets.token_urlsafe(48)"
_EXAMPLES = (
    ("--dry-run", "show the plan and change nothing"),
    ("", "write the configuration"),
    ("--automate-all", "also create the app, push, and wait for the site"),
)
_COMMAND = "python -m simple_deploy"
_ACTIONS = (Purpose.STATUS, Purpose.LOGS, Purpose.OPEN)
_DOCUMENTATION = "docs/index.md in the repository of simple-deploy"


class _HelpFormatter(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Puts Django's own options last, as Django does; keeps the lines of our examples."""


class Stopped(CommandError):
    """A run that ended early, as Django prints it: "Stopped: ..." on stderr, without a traceback."""


class Command(BaseCommand):
    """Configure this project for a hosting platform and, on request, deploy it."""

    help = "Configure this project for a hosting platform and, with --automate-all, deploy it."
    requires_system_checks: list[str] = []  # noqa: RUF012 - declared by Django without ClassVar

    def __init__(self, *args: Any, **given: Any) -> None:
        """Print errors without colour, too, where NO_COLOR is set, which Django does not support."""
        outlets = {} if args else {"stdout": Outlet(sys.stdout), "stderr": Outlet(sys.stderr)}
        super().__init__(*args, **{**outlets, **given, **({"no_color": True} if os.environ.get("NO_COLOR") else {})})

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as Django does, but without a traceback after Ctrl-C or when standard output is closed."""
        with quiet_interrupts():
            try:
                super().run_from_argv(argv)
            finally:
                # argparse bypasses Django's stream for --help; a failing flush must not cause an error at exit.
                Outlet(sys.stdout).flush()
                Outlet(sys.stderr).flush()

    def create_parser(self, prog_name: str, subcommand: str, **given: Any) -> CommandParser:
        """Create the parser with ours first: description, examples, options. Abbreviated options are errors."""
        parser = super().create_parser(prog_name, subcommand, **given)
        # Set here and not passed on: Django 3.2 passes its own formatter.
        parser.formatter_class = _HelpFormatter
        parser.description = _description(self.help)
        parser.epilog = f"Documentation: {installation.documentation() or _DOCUMENTATION}"
        actions = "|".join(purpose.value for purpose in _ACTIONS)
        parser.prog = _COMMAND
        parser.usage = f"{_COMMAND} [--platform NAME] [options]\n       {_COMMAND} {actions}"
        parser.allow_abbrev = False
        # Django's options last: argparse lists groups in the order in which they were made.
        parser._action_groups.sort(key=lambda group: group is parser._optionals)
        return parser

    def get_version(self) -> str:
        """Return our own version, which is what --version should print."""
        return f"simple-deploy {__version__}"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options in groups: what to do, the app's name, how the run behaves."""
        _add_what_to_do(parser)
        _add_app(parser)
        _add_run_options(parser)

    def handle(self, *args: Any, **given: Any) -> None:
        """Run the pipeline; every early end becomes one message and an exit status."""
        script = _manage_py()
        if script is None:
            self._outside(given["json"], given["platform"])
        options, problems = _options(given, script)
        log = Log(Redactor([options.secret_key, *known_secrets(options.manage_py, options.settings_module)]))
        log.redact.learn(secrets_in({**options.offered, **options.variables}))
        out = self.stderr if options.json else self.stdout
        terminal = Terminal(out, self.style, log, options.verbosity, _color(given))
        platform: Platform | None = None
        try:
            if problems:
                raise stops.Refused(problems)
            if options.looks:
                self._end(pipeline.look(options, terminal, log), options, terminal, log)
                return
            if options.purpose in (Purpose.UNDO, Purpose.DESTROY):
                self._end(pipeline.take_back(options, terminal, log), options, terminal, log)
                return
            platform = pipeline.choose_platform(options, terminal.choice(options))
            log.write(f"simple_deploy {__version__}: {_shown_options(options)}")
            outcome = pipeline.execute(options, platform, terminal, log)
            self._finish(outcome, platform, options, terminal, log)
        except stops.Stop as stop:
            self._stop(stop, options, platform, log)
        except KeyboardInterrupt:
            self._stop(stops.Interrupted(stops.INTERRUPTED_BETWEEN), options, platform, log)
        except Exception as error:
            log.write(traceback.format_exc())
            unforeseen = stops.Unforeseen(error, log.name)
            unforeseen.__cause__ = error
            self._stop(unforeseen, options, platform, log)

    def _finish(self, outcome: Outcome, platform: Platform, options: Options, terminal: Terminal, log: Log) -> None:
        """Print what was done, write the pages, and open them with the site."""
        from simple_deploy.preview import as_json
        from simple_deploy.summary import closing, shown, write_pages

        page = write_pages(outcome, platform, log, options.now)
        outcome = replace(outcome, page=shown(page, log))
        terminal.say()
        terminal.show(closing(outcome, platform, installation.rehearse()))
        if options.json:
            self._print_json(as_json(outcome), log)
        if outcome.url and options.open_browser:
            import webbrowser

            # The site last, so that it is in front; the page stays in the tab before it.
            for address in (page.as_uri() if page else None, outcome.url):
                if address:
                    webbrowser.open(address)

    def _end(self, ending: Ending, options: Options, terminal: Terminal, log: Log) -> None:
        if ending.text:
            terminal.say(ending.text)
        if options.json:
            self._print_json(ending.json, log)
        if ending.exit_status:
            raise SystemExit(ending.exit_status)

    def _outside(self, as_json: bool, platform: str | None) -> NoReturn:
        """django-admin was started in a folder without manage.py."""
        stop = stops.Refused([errors.no_manage_py(folder=str(Path.cwd()))])
        message = visible(str(stop))
        if as_json:
            failed = stops.as_json(stop, message, platform=platform, log=None)
            self.stdout.write(json.dumps(failed, indent=2))
        raise Stopped(message, returncode=stop.exit_status)

    def _stop(self, stop: stops.Stop, options: Options, platform: Platform | None, log: Log) -> None:
        message = log.redact(str(stop))
        log.write(message)
        if options.json:
            name = platform.id if platform else options.platform
            self._print_json(stops.as_json(stop, message, platform=name, log=log.name), log)
        raise Stopped(message, returncode=stop.exit_status) from stop.__cause__

    def _print_json(self, value: Json, log: Log) -> None:
        # JSON escapes control characters: programs get names unchanged.
        self.stdout.write(json.dumps(in_strings(value, log.redact.masked), indent=2))


def _description(purpose: str) -> str:
    command = f"{_COMMAND} --platform NAME"
    width = len(command) + max(len(option) for option, _ in _EXAMPLES) + 2
    examples = (f"  {f'{command} {option}':<{width}} {meaning}" for option, meaning in _EXAMPLES)
    return "\n".join([purpose, "", "examples:", *examples])


def _color(given: dict[str, Any]) -> bool | None:
    """Whether to use colours; None if the user did not specify. See https://no-color.org."""
    if given["force_color"]:
        return True
    return False if given["no_color"] or os.environ.get("NO_COLOR") else None


def _seconds(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of seconds')
    return int(text)


def _options(given: dict[str, Any], manage_py: Path) -> tuple[Options, list[Problem]]:
    variables, unset = env_options.given(given["env"])
    offered, unreadable = env_options.offered(given["env_file"])
    return _chosen(given, manage_py, variables, offered), [*unset, *unreadable]


def _chosen(given: dict[str, Any], manage_py: Path, variables: Variables, offered: Variables) -> Options:
    return Options(
        manage_py=manage_py,
        settings_module=os.environ.get("DJANGO_SETTINGS_MODULE", ""),
        settings_named=given["settings"] is not None,
        secret_key=Secret(get_random_string(64), prefix="SECRET_KEY=", recipe=_RECIPE),
        now=datetime.now().astimezone(),
        python=sys.version_info[:2],
        platform=given["platform"],
        purpose=_purpose(given),
        dry_run=given["dry_run"],
        brief=given["brief"],
        yes=given["yes"],
        app_name=given["deployed_project_name"],
        region=given["region"],
        organization=given["org"],
        database=given["database"],
        package_manager=given["package_manager"],
        workflow=given["workflow"],
        replace_files=given["replace_files"],
        open_browser=not given["no_open"],
        logging=not given["no_logging"],
        ignore_unclean_git=given["ignore_unclean_git"],
        json=given["json"],
        verbosity=given["verbosity"],
        wait=given["wait"],
        adopt=given["adopt"],
        trial=not given["no_trial"],
        variables=variables,
        offered=offered,
    )


def _purpose(given: dict[str, Any]) -> Purpose:
    named = {"automate_all": Purpose.DEPLOY, "undo": Purpose.UNDO, "destroy": Purpose.DESTROY}
    if given.get("action"):
        return Purpose(given["action"])
    return next((purpose for name, purpose in named.items() if given[name]), Purpose.CONFIGURE)


def _manage_py() -> Path | None:
    """The manage.py that started this process, else the one in the current folder; None if there is none."""
    started = Path(sys.argv[0]).resolve()
    script = started if started.name == "manage.py" else Path.cwd() / "manage.py"
    return script if script.is_file() else None


def _shown_options(options: Options) -> str:
    shown = {name: value for name, value in vars(options).items() if name not in ("secret_key", "now")}
    return ", ".join(f"{name}={value}" for name, value in shown.items())


def _add_what_to_do(parser: CommandParser) -> None:
    what = parser.add_argument_group("what to do")
    what.add_argument(
        "--platform",
        type=platform_choice.named,
        choices=platforms.Choices(),
        metavar="NAME",
        help="the hosting platform: %(choices)s",
    )
    one = what.add_mutually_exclusive_group()
    one.add_argument(
        "action",
        nargs="?",
        choices=[purpose.value for purpose in _ACTIONS],
        help="status: show what was deployed and whether it responds; logs: follow its log until Ctrl-C; "
        "open: open it in a browser, or print its address with --no-open",
    )
    one.add_argument(
        "--automate-all",
        action="store_true",
        help="also create the app and its database, commit, push, and wait until the site responds",
    )
    one.add_argument(
        "--undo",
        action="store_true",
        help="restore the project's files to their state before the last run (with --platform: the last run for "
        "that platform)",
    )
    one.add_argument(
        "--destroy",
        action="store_true",
        help="delete the app that this command created, with all its data, after asking for its name",
    )
    what.add_argument("--dry-run", action="store_true", help="show everything that would happen and change nothing")
    what.add_argument(
        "--brief", action="store_true", help="show the plan without the content of files and the reasons for steps"
    )


def _add_app(parser: CommandParser) -> None:
    app = parser.add_argument_group("the app")
    app.add_argument("--deployed-project-name", metavar="NAME", help="the app's name on the platform")
    app.add_argument(
        "--adopt",
        action="store_true",
        help="with --deployed-project-name: use the existing app of that name, even if this project did not create it",
    )
    app.add_argument(
        "--region", metavar="REGION", help="the region in which the app runs (default: chosen by the platform)"
    )
    app.add_argument(
        "--org", metavar="NAME", help="the organization that owns the app, on platforms that have organizations"
    )
    app.add_argument("--database", metavar="KIND", help="the kind of database (default: chosen by the platform)")
    app.add_argument(
        "--package-manager",
        choices=package_managers.NAMES,
        help="the package manager for production, if the project has files of several",
    )
    _add_variables_and_files(app)


def _add_variables_and_files(app: argparse._ArgumentGroup) -> None:
    app.add_argument(
        "--env",
        action="append",
        default=[],
        type=env_options.variable,
        metavar="NAME=VALUE",
        help="an environment variable for the site, set before the first push; NAME alone takes its value from "
        "this shell",
    )
    app.add_argument(
        "--env-file",
        action="append",
        default=[],
        metavar="FILE",
        help="a file of NAME=VALUE lines; used for variables that the settings read and that have no other value",
    )
    app.add_argument(
        "--ci",
        dest="workflow",
        choices=workflow.SERVICES,
        help="also write a workflow that deploys every push, for this CI service: %(choices)s",
    )
    app.add_argument(
        "--replace-files",
        action="store_true",
        help="overwrite your own files of the same name",
    )


def _add_run_options(parser: CommandParser) -> None:
    run = parser.add_argument_group("run options")
    run.add_argument("--yes", "-y", action="store_true", help="skip the confirmation and all other questions")
    run.add_argument("--no-open", action="store_true", help="do not open the site and the summary page in a browser")
    run.add_argument(
        "--wait",
        type=_seconds,
        default=120,
        metavar="SECONDS",
        help="how long to wait for the released site to respond (default: 120)",
    )
    run.add_argument("--no-logging", action="store_true", help="write no log and no summary page")
    run.add_argument(
        "--no-trial",
        action="store_true",
        help="skip the trial that loads the site the way the platform will; static file names then get no hash",
    )
    run.add_argument(
        "--ignore-unclean-git",
        action="store_true",
        help="continue despite uncommitted changes; they stay uncommitted",
    )
    run.add_argument(
        "--json",
        action="store_true",
        help="print the plan or the result as JSON on stdout, and everything else on stderr",
    )
