"""A list of checks with their outcome, printed as a table."""

import traceback


class Checks:
    def __init__(self):
        self.rows = []
        self.failed = 0

    def check(self, client, what, call):
        """Runs the call: what it returns is the detail, what it raises the failure."""
        try:
            detail = call()
            outcome = "ok"
        except Exception as e:  # a client may raise anything
            outcome, detail = "FAILED", f"{type(e).__name__}: {e}"
            self.failed += 1
            traceback.print_exc()
        self.rows.append((client, what, outcome, str(detail or "")))
        print(f"{client:<34} {what:<46} {outcome:<7} {str(detail or '')[:110]}", flush=True)


def must(condition, said):
    if not condition:
        raise AssertionError(said)
