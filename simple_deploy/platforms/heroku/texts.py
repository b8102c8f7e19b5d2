"""What people are told after a run on Heroku."""

from __future__ import annotations

from pathlib import Path

from ..contract import Guide, HowTo, Link, facts, oldest_year

_DEV_CENTER = "https://devcenter.heroku.com/articles"

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
        "Visit the site and log in to the admin.",
        "Schedule backups, and test restoring one.",
        "Choose a mail service and set its variables: Heroku does not send mail.",
        "If users upload files, store them in a bucket.",
        "Connect your own domain.",
        "When everything works over HTTPS, turn on HSTS: set `SECURE_HSTS_SECONDS`, starting with a small value.",
        "Set up error reports (Django's `ADMINS`, or a service) and uptime monitoring.",
        "Run `python {manage_py} check --deploy` after larger changes.",
        "Use PostgreSQL in development too, once you rely on database-specific features.",
    ),
    reading=(
        Link(
            title="Heroku Python support",
            address=f"{_DEV_CENTER}/python-support",
            why="which Python versions and package managers a build supports, and until when.",
        ),
        Link(
            title="Django and static assets",
            address=f"{_DEV_CENTER}/django-assets",
            why="what happens to static files during the build, and how to debug it.",
        ),
        Link(
            title="Configuration and config vars",
            address=f"{_DEV_CENTER}/config-vars",
            why="how to set, show and remove variables, and their size limit.",
        ),
        Link(
            title="Release phase",
            address=f"{_DEV_CENTER}/release-phase",
            why="when the migration runs, and what happens if it fails.",
        ),
        Link(
            title="Releases",
            address=f"{_DEV_CENTER}/releases",
            why="how to list releases and roll back to an earlier one.",
        ),
        Link(
            title="Logging",
            address=f"{_DEV_CENTER}/logging",
            why="how to read and filter logs, and how to keep them longer than Heroku does.",
        ),
        Link(
            title="Heroku error codes",
            address=f"{_DEV_CENTER}/error-codes",
            why="what H10, H12, R10, R14 and other codes in your log mean.",
        ),
        Link(
            title="Request timeout",
            address=f"{_DEV_CENTER}/request-timeout",
            why="why there is a limit of 30 seconds, and how to work within it.",
        ),
        Link(
            title="Dynos",
            address=f"{_DEV_CENTER}/dynos",
            why="where your code runs: disk, lifecycle and limits.",
        ),
        Link(
            title="Eco dyno hours",
            address=f"{_DEV_CENTER}/eco-dyno-hours",
            why="how the cheapest dynos share their hours and when they sleep.",
        ),
        Link(
            title="Usage and billing",
            address=f"{_DEV_CENTER}/usage-and-billing",
            why="what is billed and when, and how to follow your costs.",
        ),
        Link(
            title="Heroku PGBackups",
            address=f"{_DEV_CENTER}/pgbackups",
            why="how to create, schedule, download and restore database backups.",
        ),
        Link(
            title="Custom domain names for apps",
            address=f"{_DEV_CENTER}/custom-domains",
            why="which DNS records your own domain needs.",
        ),
        Link(
            title="Automated certificate management",
            address=f"{_DEV_CENTER}/automated-certificate-management",
            why="how your domain gets its certificate, and on which dynos.",
        ),
        Link(
            title="Using AWS S3 to store static assets and file uploads",
            address=f"{_DEV_CENTER}/s3",
            why="where uploads go instead of the dyno's disk.",
        ),
        Link(
            title="Django's deployment checklist",
            address="https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
            why="what else to check before going live, on any platform.",
        ),
    ),
)
