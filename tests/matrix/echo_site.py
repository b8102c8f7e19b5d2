"""A web process for the sandbox's tests: it echoes requests, with every kind of response."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/chunked":
            self.answer(200, {"Transfer-Encoding": "chunked"}, b"4\r\nwiki\r\n5\r\npedia\r\n0\r\n\r\n", length=False)
        elif self.path == "/unchanged":
            self.answer(304, {"ETag": '"1"'}, b"", length=False)
        elif self.path == "/big":
            self.answer(200, {}, b"x" * 20_000_000)
        elif self.path == "/cookies":
            self.answer(200, {"Set-Cookie": "a=1; Secure; Path=/", "set-cookie": "b=2; Secure; HttpOnly"}, b"")
        elif self.path == "/elsewhere":
            self.answer(302, {"Location": f"https://{self.headers['Host']}/there?x=1"}, b"")
        else:
            self.answer(200, {"Keep-Alive": "timeout=5"}, self.echo(body))

    do_POST = do_HEAD = do_PATCH = do_GET

    def echo(self, body: bytes) -> bytes:
        asked = {"method": self.command, "path": self.path, "headers": self.headers.items(), "body": body.decode()}
        return json.dumps(asked | {"pid": os.getpid(), "version": os.environ.get("VERSION")}).encode()

    def answer(self, status: int, headers: dict[str, str], body: bytes, *, length: bool = True) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        print(self.requestline, flush=True)  # noqa: T201


def stop(*_: object) -> None:
    print("stopped in peace", flush=True)  # noqa: T201
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Echo).serve_forever()
