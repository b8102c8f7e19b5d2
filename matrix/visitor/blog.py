"""How people use the sample blog: its addresses, and the fields of its forms."""

import secrets
from dataclasses import dataclass, field

from .browser import Browser

MINE, WRITE = "posts/mine/", "posts/new/"
REGISTER, LOG_IN, LOG_OUT = "/accounts/register/", "/accounts/login/", "/accounts/logout/"


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user who registers at the blog, with the titles of their two posts."""

    name: str
    password: str = field(repr=False)

    @property
    def public_title(self) -> str:
        """The title of the post that everyone may read."""
        return f"Public note of {self.name}"

    @property
    def private_title(self) -> str:
        """The title of the post that only its author may read."""
        return f"Private note of {self.name}"


def new_account(role: str) -> Account:
    """An account that no site has seen: its name begins with the role and ends with random characters."""
    return Account(name=f"{role}-{secrets.token_hex(4)}", password=secrets.token_urlsafe(12))


def register(browser: Browser, account: Account) -> None:
    """Create the account; raises `Unexpected` unless the site welcomes its owner, who is logged in from then on."""
    passwords = {"password1": account.password, "password2": account.password}
    page = browser.submit(browser.get(REGISTER), REGISTER, username=account.name, **passwords)
    page.expect("a welcome after registering", has=(f"Welcome, {account.name}", "Log out"))


def log_in(browser: Browser, account: Account) -> None:
    """Log in; raises `Unexpected` if that does not lead to the account's own posts."""
    page = browser.submit(browser.get(LOG_IN), LOG_IN, username=account.name, password=account.password)
    page.expect("my posts after logging in", has=("My posts", "Log out"))


def write(browser: Browser, title: str, *, private: bool) -> None:
    """Write a post; raises `Unexpected` if that does not lead to the post."""
    fields = {"title": title, "body": f"The text of {title}."} | ({"is_private": "on"} if private else {})
    page = browser.submit(browser.get(WRITE), f"/{WRITE}", **fields)
    page.expect("the new post", has=(title, f"The text of {title}.") + (("Private",) if private else ()))
