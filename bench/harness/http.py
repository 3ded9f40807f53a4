"""Single requests, to see that a server is up and answers what is asked of it."""

import http.client
import ssl
import time
from dataclasses import dataclass

from .process import Process
from .request import Request
from .unavailable import Unavailable


_ANY_CERTIFICATE = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_ANY_CERTIFICATE.check_hostname = False
_ANY_CERTIFICATE.verify_mode = ssl.CERT_NONE


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def send(port: int, request: Request, timeout: float = 30) -> Answer | None:
    """None when there is no answer."""
    if request.secure:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=_ANY_CERTIFICATE)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(request.method, request.path, request.body or None, request.headers)
        response = connection.getresponse()
        return Answer(response.status, response.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


# A server that is up and refuses will refuse for ever; one that starts may answer 503, or 404 for a moment.
_REFUSED = (400, 401, 404, 405, 415, 422, 501)
_REFUSAL_SECONDS = 10


def wait_for(process: Process, port: int, request: Request, patience: float = 90, pause: float = 0.1) -> float:
    """Seconds from the start of the process to the first answer of 200."""
    while True:
        answer = send(port, request)
        now = time.monotonic()
        if answer and answer.status == 200:
            return now - process.started
        process.check_alive()
        patient = _REFUSAL_SECONDS if answer and answer.status in _REFUSED else patience
        if now - process.started > patient:
            said = f"answers {answer.status} {answer.body[:150].decode(errors='replace')}" if answer else "does not answer"
            raise Unavailable(f"{process.name} on {request.path} {said}")
        time.sleep(pause)
