"""Only what is specific to Scalingo; everything else is in the conformance tests: `pytest --platform scalingo`."""

from __future__ import annotations

import pytest
from simple_deploy_scalingo.steps import _address, _verdict
from simple_deploy_scalingo.survey import account, app_of, region_of, table

from simple_deploy.contract import with_processes

# [doc.scalingo.com/databases/postgresql/start]
ASCII = """\
+------------+-------------+--------------------------+
|   ADDON    |      ID     |           PLAN           |
+------------+-------------+--------------------------+
| PostgreSQL | my-app-3030 | postgresql-business-1024 |
+------------+-------------+--------------------------+
"""
LINES = """\
┌──────┬─────────┐
│  ID  │ STATUS  │
├──────┼─────────┤
│ 5e1f │ STATUS! │
└──────┴─────────┘
"""


def test_tables_are_read_with_both_kinds_of_borders() -> None:
    assert table(ASCII) == [{"addon": "PostgreSQL", "id": "my-app-3030", "plan": "postgresql-business-1024"}]
    assert table(LINES) == [{"id": "5e1f", "status": "STATUS!"}]
    with pytest.raises(ValueError, match="no table"):
        table("The lights went out.")


@pytest.mark.parametrize("status", ["queued", "building", "pushing", "starting"])
def test_a_deployment_that_goes_on_is_waited_for(status: str) -> None:
    assert _verdict(LINES.replace("STATUS!", status)) == "wait"


def test_a_deployment_ends_well_or_not() -> None:
    assert _verdict(LINES.replace("STATUS!", "success")) == "done"
    assert "hook-error" in _verdict(LINES.replace("STATUS!", "hook-error"))
    assert _verdict("The lights went out.") == "wait"


def test_the_account_and_the_address_are_read() -> None:
    assert account("-----> You are logged in as someone (someone@example.com)\n\n") == "someone"
    url = "git@ssh.osc-secnum-fr1.scalingo.com:my-app.git"
    assert (app_of(url), region_of(url)) == ("my-app", "osc-secnum-fr1")
    assert app_of("git@example.com:my-app.git") is None
    assert _address("my-app", f"-----> Your application my-app Git remote is: {url}\n").startswith(
        "https://my-app.osc-"
    )


def test_lines_of_the_project_s_own_procfile_stay() -> None:
    assert with_processes("web: mine", "postdeploy: migrate\nweb: ours\n") == "web: mine\npostdeploy: migrate\n"
