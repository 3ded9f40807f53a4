"""What happened in a whole trial, and the table of it."""

import collections
from dataclasses import dataclass, field

from answers.crashes.pod import shortened


@dataclass
class Tally:
    models: int = 0
    served: int = 0
    crashed_models: int = 0
    designed: int = 0
    statuses: collections.Counter = field(default_factory=collections.Counter)
    protocols: collections.Counter = field(default_factory=collections.Counter)
    lost: collections.Counter = field(default_factory=collections.Counter)  # by (signal, whether runs were recorded)
    crashing: int = 0  # requests that took part in a crash
    recorded: int = 0  # of them, while runs were recorded
    alone: int = 0  # requests that ended the process alone while runs were recorded, also when they were sent again
    alone_refused: int = 0  # of them, refused when they were sent again
    running: collections.Counter = field(default_factory=collections.Counter)  # recorded runs under way at a crash
    repeats: collections.Counter = field(default_factory=collections.Counter)
    innocents: collections.Counter = field(default_factory=collections.Counter)
    early: int = 0  # answers 500 of a process that had not answered anything yet
    stuck: int = 0
    seconds: list = field(default_factory=list)  # from the answer that failed to the end of the process
    violations: list = field(default_factory=list)
    samples: dict = field(default_factory=dict)

    def sample(self, what, text):
        """Keeps the first of each kind for the report."""
        if text:
            self.samples.setdefault(what, shortened(text))

    def wrong(self, title, request, text):
        of = f"{request.protocol}: {request.what}" if request is not None else "(pod)"
        self.violations.append(f"{title} | {of} | {text}")
        print(f"    WRONG {shortened(self.violations[-1], 700)}", flush=True)

    def rows(self):
        counted = ", ".join(f"{status or 'none, the connection ended'}: {count}" for status, count in sorted(self.statuses.items()))
        yield "models", f"{self.served} served of {self.models}, {self.crashed_models} of them ended their process"
        yield "designed requests", f"{self.designed} ({', '.join(f'{name} {count}' for name, count in sorted(self.protocols.items()))})"
        yield "their answers by status", counted
        yield "of them 500 before the first answer 200 of their process", str(self.early)
        yield "processes lost", f"{sum(self.lost.values())}: " + ", ".join(f"{count} by {name} {'while recording' if recording else 'first of a pod'}" for (name, recording), count in sorted(self.lost.items()))
        yield "longest end of a process", f"{max(self.seconds, default=0):.1f} s after the first broken connection"
        yield "killed by the liveness probe", str(self.stuck)
        yield "designed requests that took part in a crash", f"{self.crashing}, {self.recorded} of them while runs were recorded"
        yield "recorded runs under way at a crash", ", ".join(f"{runs}: {count} times" for runs, count in sorted(self.running.items()))
        yield "requests that ended the process alone while recorded", f"{self.alone}; refused when sent again: {self.alone_refused}"
        yield "sent again until settled", ", ".join(f"{name} {count}" for name, count in sorted(self.repeats.items())) or "none"
        yield "innocent requests", ", ".join(f"{name} {count}" for name, count in sorted(self.innocents.items()))
        yield "innocent requests refused", str(self.innocents["refused"])
        yield "violations", str(len(self.violations))

    def show(self):
        print("\n| | |\n|---|---|")
        for name, value in self.rows():
            print(f"| {name} | {value} |")
        print("\nsamples:")
        for what, text in self.samples.items():
            print(f"  {what}: {text}")
        if self.violations:
            print("\nviolations:")
            for each in self.violations:
                print(f"  {shortened(each, 900)}")
