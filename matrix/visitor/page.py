"""One answer of a site as a visitor sees it: text, links, forms and the files it loads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

EXCERPT = 300  # characters of a page shown in a failure


@dataclass(eq=False)
class Unexpected(Exception):
    """What was expected of the site, and what was seen instead: a page or another fact."""

    expected: str
    seen: object

    def __str__(self) -> str:
        """Both, one per line."""
        return f"expected {self.expected}\nsaw {self.seen}"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form: its target (absolute URL), and its initial values."""

    action: str
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer, redirects already followed; all URLs are absolute."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: str
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()  # (text, URL)
    stylesheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # every file the page loads, stylesheets and scripts included
    forms: tuple[Form, ...] = ()

    def __str__(self) -> str:
        """Status, address and the beginning of what can be read."""
        return f"{self.status} at {self.url}: {self.text[:EXCERPT] or '(no text)'}"

    def expect(self, what: str, *, status: int = 200, has: tuple[str, ...] = (), lacks: tuple[str, ...] = ()) -> None:
        """Raise `Unexpected` unless the page has this status, every text of `has` and none of `lacks`."""
        faults = [f"with {text!r}" for text in has if text not in self.text]
        faults += [f"without {text!r}" for text in lacks if text in self.text]
        if self.status != status or faults:
            raise Unexpected(", ".join([f"{what} (status {status})", *faults]), self)

    def form(self, path: str) -> Form:
        """The form that is sent to `path`; raises `Unexpected` if the page has none."""
        for form in self.forms:
            if urlsplit(form.action).path == path:
                return form
        raise Unexpected(f"a form that is sent to {path}", self)

    def link(self, text: str) -> str:
        """The URL behind the link that reads `text`; raises `Unexpected` if the page has none."""
        for seen, url in self.links:
            if seen == text:
                return url
        raise Unexpected(f"a link that reads {text!r}", self)


def read_page(url: str, status: int, headers: Mapping[str, str], body: str) -> Page:
    """Read an answer; a body that is not HTML has no links, forms or references, and its text is the body."""
    if not headers.get("content-type", "").startswith("text/html"):
        return Page(url=url, status=status, headers=headers, body=body, text=body)
    reader = _Reader(url)
    reader.feed(body)
    reader.close()
    return Page(
        url=url,
        status=status,
        headers=headers,
        body=body,
        text=" ".join(" ".join(reader.words).split()),
        links=tuple((" ".join("".join(words).split()), address) for words, address in reader.links),
        stylesheets=tuple(reader.stylesheets),
        scripts=tuple(reader.scripts),
        references=tuple(reader.references),
        forms=tuple(Form(action=action, fields=fields) for action, fields in reader.forms),
    )


@dataclass
class _Reader(HTMLParser):
    url: str
    words: list[str] = field(default_factory=list)
    links: list[tuple[list[str], str]] = field(default_factory=list)
    stylesheets: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    inside: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.inside.add(tag)
        if tag == "a" and "href" in attributes:
            self.links.append(([], self._absolute(attributes["href"])))
        elif tag == "form":
            self.forms.append((self._absolute(attributes.get("action", "")), {}))
        elif tag == "input" and self.forms and attributes.get("type") not in ("checkbox", "radio", "submit"):
            self.forms[-1][1][attributes.get("name", "")] = attributes.get("value", "")
        elif tag == "link":
            self._refer(attributes.get("href", ""), attributes.get("rel", "").lower().split())
        elif tag in ("img", "script"):
            self._refer(attributes.get("src", ""), [tag])

    def handle_endtag(self, tag: str) -> None:
        self.inside.discard(tag)

    def handle_data(self, text: str) -> None:
        if self.inside & {"script", "style"}:
            return
        self.words.append(text)
        if "a" in self.inside and self.links:
            self.links[-1][0].append(text)

    def _refer(self, address: str, kinds: list[str]) -> None:
        if not address or address.startswith("data:") or not {"stylesheet", "icon", "img", "script"} & set(kinds):
            return
        self.references.append(self._absolute(address))
        if "stylesheet" in kinds:
            self.stylesheets.append(self._absolute(address))
        elif "script" in kinds:
            self.scripts.append(self._absolute(address))

    def _absolute(self, address: str) -> str:
        return urljoin(self.url, address)
