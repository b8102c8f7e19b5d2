"""What people are told after a run on Heroku."""

from __future__ import annotations

from ..contract import Texts

TEXTS = Texts(
    redeploy=('git commit --all --message "..."', "git push {git_remote} HEAD:main"),
    logs="heroku logs --app {app}",
    console="heroku run --app {app} -- bash",
    superuser="heroku run --app {app} -- python {manage_py} createsuperuser",
    variable="heroku config:set --app {app} NAME=value",
    destroy="heroku apps:destroy --app {app}",
    differences=(
        "files written by the site vanish when its dyno restarts, at least once a day; the database stays.",
        "an Eco dyno sleeps after half an hour without visitors, and the next visitor waits a few seconds.",
    ),
    reading=(
        ("https://devcenter.heroku.com/articles/custom-domains", "a domain of your own"),
        ("https://devcenter.heroku.com/articles/heroku-postgres-backups", "backups of the database"),
        ("https://docs.djangoproject.com/en/stable/howto/deployment/checklist/", "what else to think of"),
    ),
)
