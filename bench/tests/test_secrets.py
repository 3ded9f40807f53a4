import shutil
import ssl
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from harness import http, secrets
from harness.request import Request
from harness.tools import Tools


class Ok(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.headers["Authorization"] == f"Bearer {secrets.TOKEN}" else 401)
        self.end_headers()

    def log_message(self, format, *args):
        pass


class SecretsTest(unittest.TestCase):
    def test_the_token_is_one_line_that_the_server_takes(self):
        with tempfile.TemporaryDirectory() as folder:
            written = (secrets.tokens(Path(folder) / "tokens") / "bench").read_text()
        self.assertEqual(secrets.TOKEN + "\n", written)
        self.assertTrue(16 <= len(secrets.TOKEN) <= 512)

    @unittest.skipUnless(shutil.which("openssl"), "there is no openssl")
    def test_a_server_with_the_certificate_is_asked_over_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            made = secrets.certificate(Tools(), Path(folder) / "tls")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(made / "tls.crt", made / "tls.key")
        with HTTPServer(("127.0.0.1", 0), Ok) as server:
            server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            asked = Request("/", b"", method="GET").over_tls()
            self.assertEqual(401, http.send(server.server_port, asked).status)
            with_token = asked.with_headers(Authorization=f"Bearer {secrets.TOKEN}")
            self.assertEqual(200, http.send(server.server_port, with_token).status)
            server.shutdown()


if __name__ == "__main__":
    unittest.main()
