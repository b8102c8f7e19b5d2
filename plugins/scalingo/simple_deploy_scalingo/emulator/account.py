"""`self`, `login`, `version`."""

from __future__ import annotations

from simple_deploy_matrix.emulators._kit.console import say

from .session import ScalingoSession


def whoami(session: ScalingoSession) -> None:
    """[CLI source: user/self.go]"""
    session.expect_login()
    email = session.state.read()["account"]["email"]
    say(f"-----> You are logged in as {email.partition('@')[0]} ({email})\n")


def version(session: ScalingoSession) -> None:
    """[CLI source]"""
    say("scalingo version 1.40.0")
