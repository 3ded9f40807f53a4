"""A certificate and a token, in folders as a Secret is mounted."""

from pathlib import Path

from .tools import Tools
from .unavailable import Unavailable

CERTIFICATE_NAME = "localhost"
# Known to all: it protects a server on the loopback address for the time of a measurement.
TOKEN = "bench-token-0123456789abcdef0123456789"


def certificate(tools: Tools, folder: Path) -> Path:
    """A Secret of type kubernetes.io/tls: a key of the curve P-256 and a certificate that it signed itself, for two days."""
    folder.mkdir(parents=True, exist_ok=True)
    printed = tools.output(
        "openssl",
        [
            "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={CERTIFICATE_NAME}",
            "-addext", f"subjectAltName=DNS:{CERTIFICATE_NAME}",
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-keyout", folder / "tls.key", "-out", folder / "tls.crt",
        ],
    )  # fmt: skip
    if not (folder / "tls.crt").exists():
        raise Unavailable(f"openssl makes no certificate: {printed.strip()[-200:]}")
    return folder


def tokens(folder: Path) -> Path:
    """A Secret with one client and its token."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench").write_text(TOKEN + "\n")
    return folder
