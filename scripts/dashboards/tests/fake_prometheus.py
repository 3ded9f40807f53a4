"""Answers the parts of Prometheus' API that are asked, by parts of the queries."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Series = tuple[dict[str, str], Callable[[float], float]]


class FakePrometheus:
    """Answers a query with the series of the first part that it contains; refuses it where they are a text, with this text.

    A query that contains none of the parts has no series. `asked` has each query in its order.
    """

    def __init__(self, series: dict[str, list[Series] | str], labels: dict[str, list[str]] | None = None):
        self.series, self.labels, self.asked = series, labels or {}, []

    def __enter__(self):
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                asked = urlsplit(self.path)
                fake.asked.append(" ".join([asked.path, *parse_qs(asked.query).get("match[]", [])]))
                self.answer(200, {"status": "success", "data": fake.labels.get(asked.path.split("/")[-2], [])})

            def do_POST(self):  # noqa: N802
                form = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
                fake.asked.append(form["query"])
                series = next((series for part, series in fake.series.items() if part in form["query"]), [])
                if isinstance(series, str):
                    self.answer(400, {"status": "error", "errorType": "bad_data", "error": series})
                    return
                instant = self.path.endswith("/query")
                results = [fake.result(form, instant, labels, value) for labels, value in series]
                self.answer(200, {"status": "success", "data": {"resultType": "vector" if instant else "matrix", "result": results}})

            def answer(self, code, body):
                self.send_response(code)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @staticmethod
    def result(form, instant, labels, value):
        if instant:
            return {"metric": labels, "value": [float(form["time"]), str(value(float(form["time"])))]}
        start, end, step = (int(float(form[name])) for name in ("start", "end", "step"))
        return {"metric": labels, "values": [[time, str(value(time))] for time in range(start, end + 1, step)]}
