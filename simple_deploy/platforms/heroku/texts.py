"""Texts about Heroku: the problems that stop a run, and the guide after one."""

from __future__ import annotations

from pathlib import Path

from simple_deploy.contract import Guide, HowTo, Link, Message, facts, oldest_year

_DEV_CENTER = "https://devcenter.heroku.com/articles"
_PYTHON = f"{_DEV_CENTER}/python-support"

impossible_name = Message(
    code="heroku-name",
    found='"{name}" is not a valid app name on Heroku.',
    remedy="Use 3 to 30 lowercase letters, digits and hyphens, starting with a letter and not ending with a hyphen.",
)
unknown_region = Message(
    code="heroku-region",
    found='Heroku has no region "{region}" outside Private Spaces.',
    remedy="Choose one of: {regions:--region *}",
    see=f"{_DEV_CENTER}/regions",
)
misspelt = Message(
    code="heroku-python-version-name",
    found="Heroku treats {name} as a misspelled .python-version and refuses to build your project.",
    remedy="Rename it or remove it, and commit: git mv {name} .python-version, or git rm {name}",
    see=_PYTHON,
)
runtime_txt = Message(
    code="heroku-runtime-txt",
    found="With {manifest}, Heroku reads the Python version only from .python-version, and rejects runtime.txt.",
    remedy="Move the version, for example 3.13, to .python-version, git rm runtime.txt, and commit.",
    see=_PYTHON,
)
unknown_python = Message(
    code="heroku-python",
    found="Heroku cannot install the requested Python version: {reason}.",
    remedy="Write a supported version to .python-version, for example {newer}{other}, and commit.",
    see=_PYTHON,
)
excluded_python = Message(
    code="heroku-python-excluded",
    found='Heroku supports Python {supported}, but {manifest} allows only "{allowed}".',
    remedy="Allow Python {newer}, update the lock file with that version, try the site, and commit.",
    see=_PYTHON,
)
port_fixed = Message(
    code="heroku-port",
    found="The web process in your Procfile listens on port {port}, and Heroku sends visitors to the port that the\n"
    "variable PORT names: {command}",
    remedy="Write $PORT in its place, or remove the line, and commit; without it, the run adds one.",
    see="https://devcenter.heroku.com/articles/error-codes",
)
slug_too_large = Message(
    code="heroku-slug-size",
    found="Your packages have about {size} MB as wheels, and Heroku rejects more than {limit} MB: {large}.",
    remedy="Dynos have no GPU, so use the releases for the CPU: tensorflow-cpu in place of tensorflow; for torch, the\n"
    "line --extra-index-url https://download.pytorch.org/whl/cpu and a version such as torch==2.8.0+cpu. Remove what\n"
    "the site does not import, install the rest here, try the site, and commit.",
    see=f"{_DEV_CENTER}/slug-compiler",
)

# Title, page, and its content.
_READING = (
    (
        "Heroku Python support",
        "/python-support",
        "which Python versions and package managers a build supports, and until when.",
    ),
    (
        "Django and static assets",
        "/django-assets",
        "what happens to static files during the build, and how to debug it.",
    ),
    ("Configuration and config vars", "/config-vars", "how to set, show and remove variables, and their size limit."),
    ("Release phase", "/release-phase", "when the migration runs, and what happens if it fails."),
    ("Releases", "/releases", "how to list releases and roll back to an earlier one."),
    ("Logging", "/logging", "how to read and filter logs, and how to keep them longer than Heroku does."),
    ("Heroku error codes", "/error-codes", "what H10, H12, R10, R14 and other codes in your log mean."),
    ("Request timeout", "/request-timeout", "why there is a limit of 30 seconds, and how to work within it."),
    ("Dynos", "/dynos", "where your code runs: disk, lifecycle and limits."),
    ("Eco dyno hours", "/eco-dyno-hours", "how the cheapest dynos share their hours and when they sleep."),
    ("Usage and billing", "/usage-and-billing", "what is billed and when, and how to follow your costs."),
    ("Heroku PGBackups", "/pgbackups", "how to create, schedule, download and restore database backups."),
    ("Custom domain names for apps", "/custom-domains", "which DNS records your own domain needs."),
    (
        "Automated certificate management",
        "/automated-certificate-management",
        "how your domain gets its certificate, and on which dynos.",
    ),
    ("Using AWS S3 to store static assets and file uploads", "/s3", "where uploads go instead of the dyno's disk."),
)
GUIDE = Guide(
    year=oldest_year(facts(Path(__file__).parent)),
    redeploy=HowTo(
        commands=('git commit --all --message "..."', "git push {git_remote} HEAD:main"),
        why="Heroku builds what you push, migrates the database, and then starts the new version. If the build or the "
        "migration fails, the previous version keeps serving.",
    ),
    logs=HowTo(
        commands=("heroku logs --app {app}", "heroku logs --app {app} --tail"),
        why="The latest log lines of the site, Heroku's router and the dynos; `--tail` follows the log. Look here "
        "first when a page returns an error.",
    ),
    console=HowTo(
        commands=("heroku run --app {app} -- bash", "heroku run --app {app} -- python {manage_py} shell"),
        why="A separate dyno with your code and the site's variables; it ends when you leave the shell. It is billed "
        "by the second like any dyno.",
    ),
    superuser=HowTo(
        commands=("heroku run --app {app} -- python {manage_py} createsuperuser",),
        why="The site's database is separate from the one on your machine, so create its first admin user once.",
    ),
    variable=HowTo(
        commands=("heroku config:set --app {app} NAME=value", "heroku config --app {app}"),
        why="Keep keys of mail or payment services here, not in the code. Setting a variable restarts the site and "
        "runs the release command again. The second command shows all values in plain text.",
    ),
    domain=HowTo(
        commands=(
            "heroku domains:add --app {app} www.example.com",
            "heroku domains --app {app}",
            "heroku config:set --app {app} ALLOWED_HOSTS=www.example.com",
            "heroku certs:auto:enable --app {app}",
        ),
        why="Replace `www.example.com` with your domain. The second command shows the DNS target: create a CNAME "
        "record for it at your DNS provider. The third makes Django accept the domain; the last requests a "
        "certificate.",
    ),
    backup=HowTo(
        commands=(
            "heroku pg:backups:capture --app {app}",
            "heroku pg:backups:download --app {app}",
            'heroku pg:backups:schedule DATABASE_URL --at "02:00 UTC" --app {app}',
        ),
        why="Create a backup now, download it (`latest.dump`, for `pg_restore`), and schedule one every night.",
    ),
    destroy="heroku apps:destroy --app {app}",
    destroy_why="This permanently deletes the app and its database, after asking for the app's name. Download a "
    "backup first. An Eco subscription belongs to your account and continues until you cancel it there.",
    differences=(
        "The disk is ephemeral: files that the site writes are lost when its dyno restarts, which every deployment "
        "and every changed variable causes. The database is kept; store uploads in a bucket.",
        "An Eco dyno sleeps after 30 minutes without a request, and the next visitor waits a few seconds. A Basic "
        "dyno never sleeps.",
        "A response must start within 30 seconds, or the router returns an error page (H12). Move longer work to a "
        "worker.",
        "A dyno that does not listen on its port within 60 seconds of starting is killed (R10).",
        "`git push` succeeds even if the migration after it fails: `heroku releases --app {app}` shows how the last "
        "release ended, and `heroku releases:output --app {app}` shows why.",
        "Heroku requires exactly one lock or requirements file, and rejects a build with several.",
    ),
    checklist=(
        "Schedule backups, and test restoring one.",
        "Choose a mail service and set its variables: Heroku does not send mail.",
        "If users upload files, store them in a bucket.",
    ),
    reading=tuple(Link(title=title, address=f"{_DEV_CENTER}{page}", why=why) for title, page, why in _READING),
)
