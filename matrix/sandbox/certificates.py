"""The sandbox's certificate authority, and the authorities that the host trusts."""

from __future__ import annotations

import functools
import os
import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi
import trustme


class Authority:
    """Signs for every host name of the sandbox; programs trust it through `bundle`."""

    def __init__(self, folder: Path) -> None:
        """Write `bundle.pem` into `folder`: what the host trusts, and this authority."""
        self._ca = trustme.CA()
        self.bundle = folder / "bundle.pem"
        self.bundle.write_bytes(host_bundle(os.environ).read_bytes() + b"\n" + self._ca.cert_pem.bytes())

    @functools.lru_cache(maxsize=256)  # noqa: B019  (an authority lives as long as its sandbox)
    def server_context(self, host: str) -> ssl.SSLContext:
        """A TLS server's context with a certificate for `host`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        self._ca.issue_cert(host).configure_cert(context)
        return context


def write_server_certificate(folder: Path) -> None:
    """`server.crt` and `server.key` for 127.0.0.1, as PostgreSQL requires them."""
    certificate = trustme.CA().issue_cert("127.0.0.1", "localhost")
    (folder / "server.crt").write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    (folder / "server.key").touch(mode=0o600)
    (folder / "server.key").write_bytes(certificate.private_key_pem.bytes())


def host_bundle(environ: Mapping[str, str]) -> Path:
    """The file of certificate authorities that programs on this machine trust."""
    named = (environ.get(name) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    candidates = (*named, ssl.get_default_verify_paths().cafile)
    return next((Path(path) for path in candidates if path and Path(path).is_file()), Path(certifi.where()))
