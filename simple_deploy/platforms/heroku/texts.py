"""What people are told after a run on Heroku."""

from __future__ import annotations

from pathlib import Path

from ..contract import Guide, HowTo, Link, facts, oldest_year

_DEV_CENTER = "https://devcenter.heroku.com/articles"

GUIDE = Guide(
    year=oldest_year(facts(Path(__file__).parent)),
    redeploy=HowTo(
        commands=('git commit --all --message "..."', "git push {git_remote} HEAD:main"),
        why="Heroku builds what you push, migrates the database, and then starts the new version. If the build or "
        "the migration fails, the version before it keeps serving.",
    ),
    logs=HowTo(
        commands=("heroku logs --app {app}", "heroku logs --app {app} --tail"),
        why="What the site, Heroku's router and the dynos said last; with `--tail`, also what they are saying now. "
        "This is the first place to look when a page answers with an error.",
    ),
    console=HowTo(
        commands=("heroku run --app {app} -- bash", "heroku run --app {app} -- python {manage_py} shell"),
        why="A dyno of its own, with your code and the site's variables; it ends when you leave the shell. "
        "Its seconds count as those of any dyno.",
    ),
    superuser=HowTo(
        commands=("heroku run --app {app} -- python {manage_py} createsuperuser",),
        why="The database of the site is not the one on your machine: its first admin user is made once, by you.",
    ),
    variable=HowTo(
        commands=("heroku config:set --app {app} NAME=value", "heroku config --app {app}"),
        why="Keys of mail or payment services belong here and not into the code. Setting a variable restarts the site "
        "and runs the release command again; the second command shows all values, so mind who is looking.",
    ),
    domain=HowTo(
        commands=(
            "heroku domains:add --app {app} www.example.com",
            "heroku domains --app {app}",
            "heroku config:set --app {app} ALLOWED_HOSTS=www.example.com",
            "heroku certs:auto:enable --app {app}",
        ),
        why="Put your own name for `www.example.com`. The second command shows the DNS target: make a CNAME record to "
        "it where you bought the domain. The third makes Django accept the name; the last asks for a certificate.",
    ),
    backup=HowTo(
        commands=(
            "heroku pg:backups:capture --app {app}",
            "heroku pg:backups:download --app {app}",
            'heroku pg:backups:schedule DATABASE_URL --at "02:00 UTC" --app {app}',
        ),
        why="Take a backup now, fetch it to your machine (`latest.dump`, for `pg_restore`), and take one every night.",
    ),
    destroy="heroku apps:destroy --app {app}",
    destroy_why="This removes the app with its database, for good, and asks for the app's name first. "
    "Take a backup before. An Eco subscription belongs to your account, and goes on until you end it there.",
    differences=(
        "The disk is emptied: files that the site writes vanish whenever its dyno restarts, and each deployment and "
        "each changed variable restarts it. The database stays; uploads belong into a bucket.",
        "An Eco dyno sleeps after 30 minutes without a request, and the next visitor waits a few seconds. "
        "A Basic dyno never sleeps.",
        "The answer to a request must begin within 30 seconds, or the router sends an error page (H12). "
        "Longer work belongs into a worker.",
        "A dyno that does not listen on its port within 60 seconds of its start is ended (R10).",
        "`git push` succeeds even if the migration after it fails: `heroku releases --app {app}` says how the last "
        "release ended, and `heroku releases:output --app {app}` why.",
        "Heroku wants exactly one lock or requirements file, and refuses a build that has several.",
    ),
    checklist=(
        "Visit the site and log in to its admin with a user of your own.",
        "Schedule backups, and restore one once to be sure that you can.",
        "Choose a mail service and set its variables: Heroku itself sends no mail.",
        "If users upload files, store them in a bucket.",
        "Use a domain of your own.",
        "When everything speaks https, turn on HSTS: set `SECURE_HSTS_SECONDS`, small at first.",
        "Have errors reported to you (Django's `ADMINS`, or a service), and watch the site from outside.",
        "Run `python {manage_py} check --deploy` after larger changes.",
        "Use PostgreSQL on your machine too, as soon as you rely on what only one database does.",
    ),
    reading=(
        Link(
            title="Heroku Python support",
            address=f"{_DEV_CENTER}/python-support",
            why="which Python versions and package managers a build accepts, and until when.",
        ),
        Link(
            title="Django and static assets",
            address=f"{_DEV_CENTER}/django-assets",
            why="what happens to static files during the build, and how to debug it.",
        ),
        Link(
            title="Configuration and config vars",
            address=f"{_DEV_CENTER}/config-vars",
            why="how variables are set, shown and removed, and how much they may hold.",
        ),
        Link(
            title="Release phase",
            address=f"{_DEV_CENTER}/release-phase",
            why="when the migration runs, and what happens if it fails.",
        ),
        Link(
            title="Releases",
            address=f"{_DEV_CENTER}/releases",
            why="how to look at the versions of your site and to go back to an earlier one.",
        ),
        Link(
            title="Logging",
            address=f"{_DEV_CENTER}/logging",
            why="how to read and filter logs, and how to keep them longer than Heroku does.",
        ),
        Link(
            title="Heroku error codes",
            address=f"{_DEV_CENTER}/error-codes",
            why="what H10, H12, R10, R14 and their like in your log mean.",
        ),
        Link(
            title="Request timeout",
            address=f"{_DEV_CENTER}/request-timeout",
            why="why there is a limit of 30 seconds, and how to live with it.",
        ),
        Link(
            title="Dynos",
            address=f"{_DEV_CENTER}/dynos",
            why="what your code runs in: its disk, its life, its limits.",
        ),
        Link(
            title="Eco dyno hours",
            address=f"{_DEV_CENTER}/eco-dyno-hours",
            why="how the cheapest dynos share their hours and when they sleep.",
        ),
        Link(
            title="Usage and billing",
            address=f"{_DEV_CENTER}/usage-and-billing",
            why="what is counted, when you are charged, and how to see it coming.",
        ),
        Link(
            title="Heroku PGBackups",
            address=f"{_DEV_CENTER}/pgbackups",
            why="how to take, schedule, fetch and restore backups of the database.",
        ),
        Link(
            title="Custom domain names for apps",
            address=f"{_DEV_CENTER}/custom-domains",
            why="which DNS records a domain of your own needs.",
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
            why="what else a site should think of, on any platform.",
        ),
    ),
)
