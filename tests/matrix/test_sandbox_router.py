"""The router answers for the sandbox's hosts, over http and https, and lets everything else pass."""

import contextlib
import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from matrix.sandbox import processes
from matrix.sandbox.http_server import Request, Response, Server
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.ports import free_port
from tests.matrix.sandbox_sites import HOST, start_echo

UNKNOWN = b"<h1>No such app</h1>"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox.create(tmp_path_factory.mktemp("router")) as box:
        box.sites.claim_suffix("herokuapp.com", unknown_host_page=UNKNOWN, dead_site_page=b"Application error")
        start_echo(box)
        yield box


@pytest.fixture
def client(box: Sandbox) -> Iterator[httpx.Client]:
    """A client with only the two standard variables."""
    trusted = ssl.create_default_context(cafile=box.env["SSL_CERT_FILE"])
    with httpx.Client(proxy=box.env["HTTPS_PROXY"], verify=trusted, trust_env=False, timeout=300) as client:
        yield client


def router_port(box: Sandbox) -> int:
    return int(box.sites.router_url.rpartition(":")[2])


def headers(answer: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.json()["headers"]}


def test_https_ends_at_the_router(client: httpx.Client) -> None:
    answer = client.get(f"https://{HOST}/x?y=%C3%BC&z=/a//b", headers={"X-Forwarded-Proto": "forged"})
    assert answer.json()["path"] == "/x?y=%C3%BC&z=/a//b"
    seen = headers(answer)
    assert (seen["host"], seen["x-forwarded-proto"], seen["x-forwarded-port"]) == (HOST, "https", "443")
    assert seen["x-forwarded-for"] == "127.0.0.1"


def test_http_and_https_are_distinguished(client: httpx.Client) -> None:
    seen = headers(client.get(f"http://{HOST}/", headers={"X-Forwarded-For": "203.0.113.9"}))
    assert (seen["host"], seen["x-forwarded-proto"], seen["x-forwarded-port"]) == (HOST, "http", "80")
    assert seen["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"


def test_a_tunnel_to_port_80_has_no_tls(box: Sandbox) -> None:
    """A proxy behind another one requests plain connections this way."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", router_port(box), timeout=300)) as connection:
        connection.set_tunnel(HOST, 80)
        connection.request("GET", "/x")
        answer = json.loads(connection.getresponse().read())
    assert {name.lower(): value for name, value in answer["headers"]}["x-forwarded-proto"] == "http"


def test_a_client_without_the_authority_rejects_the_certificate(box: Sandbox) -> None:
    """The negative control: TLS is really verified."""
    with (
        httpx.Client(proxy=box.env["HTTPS_PROXY"], trust_env=False) as stranger,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        stranger.get(f"https://{HOST}/")


def test_request_bodies(client: httpx.Client) -> None:
    assert client.post(f"https://{HOST}/", data={"title": "grüße"}).json()["body"] == "title=gr%C3%BC%C3%9Fe"
    chunks = iter([b"one ", b"two ", b"three"])
    assert client.post(f"https://{HOST}/", content=chunks).json()["body"] == "one two three"
    assert client.patch(f"https://{HOST}/").json()["method"] == "PATCH"


def test_kinds_of_responses(client: httpx.Client) -> None:
    assert client.get(f"https://{HOST}/chunked").text == "wikipedia"
    assert len(client.get(f"https://{HOST}/big").content) == 20_000_000
    unchanged = client.get(f"https://{HOST}/unchanged")
    assert (unchanged.status_code, unchanged.headers["etag"]) == (304, '"1"')
    head = client.head(f"https://{HOST}/")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 100
    assert client.get(f"https://{HOST}/").status_code == 200


def test_repeated_headers_are_kept_and_hop_by_hop_ones_dropped(client: httpx.Client) -> None:
    cookies = client.get(f"https://{HOST}/cookies").headers.get_list("set-cookie")
    assert cookies == ["a=1; Secure; Path=/", "b=2; Secure; HttpOnly"]
    answer = client.get(f"https://{HOST}/", headers={"Connection": "X-Private", "X-Private": "1", "TE": "trailers"})
    assert not {"x-private", "te", "proxy-connection"} & set(headers(answer))
    assert "keep-alive" not in answer.headers


def test_a_connection_serves_many_requests_and_many_connections_at_once(box: Sandbox, client: httpx.Client) -> None:
    proxy = http.client.HTTPConnection("127.0.0.1", router_port(box), timeout=20)
    for number in range(3):
        proxy.request("GET", f"http://{HOST}/{number}")
        assert json.loads(proxy.getresponse().read())["path"] == f"/{number}"
    proxy.close()
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda number: client.get(f"https://{HOST}/{number}").json()["path"], range(60))
        assert list(answers) == [f"/{number}" for number in range(60)]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_without_a_site_gets_the_platforms_own_page(client: httpx.Client, scheme: str) -> None:
    answer = client.get(f"{scheme}://nobody.herokuapp.com/")
    assert (answer.status_code, answer.content) == (404, UNKNOWN)


def test_the_host_header_decides_and_the_backend_can_be_asked_directly(box: Sandbox, client: httpx.Client) -> None:
    assert client.get(f"https://{HOST}/", headers={"Host": "evil.example"}).content == UNKNOWN
    direct = httpx.get(f"http://127.0.0.1:{box.sites.port('blog')}/", headers={"Host": "evil.example"}, trust_env=False)
    assert headers(direct)["host"] == "evil.example"


def test_other_hosts_are_tunnelled_unchanged(box: Sandbox, client: httpx.Client) -> None:
    def answer(request: Request) -> Response:
        return Response(status=200, body=f"{request.method} {request.target} {request.header('Host')}".encode())

    outside = Server(answer)
    try:
        url = f"http://127.0.0.1:{outside.port}/a?b"
        assert client.get(url).text == f"GET /a?b 127.0.0.1:{outside.port}"
        tunnel = http.client.HTTPConnection("127.0.0.1", router_port(box), timeout=20)
        tunnel.set_tunnel("127.0.0.1", outside.port)
        tunnel.request("GET", "/c")
        assert tunnel.getresponse().read() == f"GET /c 127.0.0.1:{outside.port}".encode()
        tunnel.close()
    finally:
        outside.close()


def test_a_tunnel_ends_the_connection_when_its_other_end_closes(box: Sandbox) -> None:
    """What a client still sends belongs to the tunnel: the router must not parse it as a request."""
    with (
        socket.create_server(("127.0.0.1", 0)) as outside,
        socket.create_connection(("127.0.0.1", router_port(box)), timeout=5) as client,
    ):
        client.sendall(f"CONNECT 127.0.0.1:{outside.getsockname()[1]} HTTP/1.1\r\n\r\n".encode())
        outside.accept()[0].close()
        with client.makefile("rb") as answer:
            assert answer.read() == b"HTTP/1.1 200 Connection established\r\n\r\n"


def test_an_unreachable_host_is_a_bad_gateway(box: Sandbox) -> None:
    port = free_port()
    proxy = httpx.Client(proxy=box.sites.router_url, trust_env=False)
    with proxy, pytest.raises(httpx.ProxyError, match="502"):
        proxy.get(f"https://127.0.0.1:{port}/")
    with httpx.Client(proxy=box.sites.router_url, trust_env=False) as plain:
        assert plain.get(f"http://127.0.0.1:{port}/").status_code == 502


def test_a_person_can_use_the_front_door(box: Sandbox) -> None:
    door = box.sites.front_door("blog")
    assert box.sites.front_door("blog") == door
    with httpx.Client(base_url=door, trust_env=False) as browser:
        seen = headers(browser.post("/x", headers={"Origin": door.rstrip("/"), "Referer": f"{door}form"}))
        assert (seen["host"], seen["x-forwarded-proto"]) == (HOST, "https")
        assert (seen["origin"], seen["referer"]) == (f"https://{HOST}", f"https://{HOST}/form")
        assert browser.get("/elsewhere").headers["location"] == f"{door}there?x=1"
        assert browser.get("/cookies").headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"]


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET http://[bad/ HTTP/1.1\r\n\r\n",
        b"CONNECT [bad HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [bad\r\n\r\n",
        b"POST http://x.herokuapp.com/ HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_invalid_requests_are_rejected_without_harm_to_the_router(
    box: Sandbox, client: httpx.Client, request_head: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", router_port(box)), timeout=20) as connection:
        connection.sendall(request_head)
        with connection.makefile("rb") as answer:
            assert b"400" in answer.read()
    assert client.get(f"https://{HOST}/").status_code == 200


def test_the_real_network_is_reached_through_the_host_proxy(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the other sandbox's router plays a company's proxy."""
    with Sandbox.create(tmp_path) as other:
        monkeypatch.setenv("https_proxy", box.sites.router_url.replace("//", "//user:pass%20word@"))
        monkeypatch.setenv("no_proxy", "")
        trusted = ssl.create_default_context(cafile=box.env["SSL_CERT_FILE"])
        with httpx.Client(proxy=other.sites.router_url, verify=trusted, trust_env=False) as client:
            assert client.get(f"https://{HOST}/").json()["path"] == "/"


def test_a_dead_site_answers_503_until_it_is_restarted(box: Sandbox, client: httpx.Client) -> None:
    state = box.sites.site("blog")
    assert state
    for member in psutil.Process(state["pid"]).children(recursive=True):
        # A child may have inherited the other's end.
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    assert processes.wait_until(lambda: (box.sites.site("blog") or state)["state"] == "crashed", 10)
    answer = client.get(f"https://{HOST}/")
    assert (answer.status_code, answer.text) == (503, "Application error")
    start_echo(box)
    assert client.get(f"https://{HOST}/").status_code == 200
