"""One model: designed requests among innocent ones, a restart after each crash, and every crashing request sent again."""

import re
import time

from answers.crashes import designs, judge
from answers.crashes.pod import END_SECONDS, PROTOCOLS, Pod
from answers.crashes.source import Source
from answers.models.draws import pick

PACE = 0.12  # the log has ten lines of a kind in a second at most
BATCHING = ({}, {}, {"maxBatchSize": 8, "maxDelayMicroseconds": 2000})


class Lost(Exception):
    """The pod cannot be asked any more."""


class Trial:
    def __init__(self, title, candidate, rng, tally):
        self._title, self._candidate, self._rng, self._tally = title, candidate, rng, tally
        self._suspicions = {}  # by identity: (request, Suspicion)
        self._source = Source(candidate, rng)

    def run(self, wanted, java):
        with Pod(self._candidate.content, pick(self._rng, BATCHING), java) as pod:
            self._pod = pod
            self._tally.served += 1
            self._begin()
            for group in self._source.groups(wanted):
                self._exchange(group)
            self._settle()
            for protocol in PROTOCOLS:
                self._exchange([self._source.innocent(protocol)])
            if pod.crashes:
                self._tally.crashed_models += 1
                self._check_pod()

    def _begin(self):
        """Usual requests by every protocol; by /predict where the model takes rows."""
        if self._source.rows:
            self._source.predicts = self._pod.send([self._source.innocent("/predict")])[0].status == 200
        for protocol in PROTOCOLS:
            self._exchange([self._source.innocent(protocol)])

    def _exchange(self, group):
        """Sends a group, judges its answers, and starts the server again where its process ended."""
        recording, answered = self._pod.recording, self._pod.answered
        answers = self._pod.send(group)
        ended = self._ended(group, answers)
        for request, answer in zip(group, answers):
            self._judge(request, answer, ended, answered)
        if ended:
            self._crashed(group, answers, recording)
        elif any(answer.status == 504 for answer in answers) and not self._pod.alive():
            self._tally.stuck += 1
            self._pod.kill()
            self._pod.restart()

    def _ended(self, group, answers):
        broken = any(answer.status == judge.BROKEN for answer in answers)
        started = time.monotonic()
        ended = self._pod.server.ended(END_SECONDS if broken else 0) is not None
        if broken and ended:
            self._tally.seconds.append(time.monotonic() - started)
        if broken and not ended:
            self._tally.wrong(self._title, group[0], f"a connection broke, and the process lives after {END_SECONDS} s")
            self._pod.kill()
            self._pod.restart()
        return ended

    def _judge(self, request, answer, ended, answered):
        tally = self._tally
        if request.innocent:
            verdict = judge.innocent(answer.status, ended)
            tally.innocents["sent"] += 1
            tally.innocents[verdict if verdict in ("answered", "refused") else "lost beside a crash" if verdict == "lost" else "wrong"] += 1
            if verdict not in ("answered", "lost"):
                tally.wrong(self._title, request, f"innocent, {verdict}: {answer.said}")
            return
        tally.designed += 1
        tally.statuses[answer.status] += 1
        tally.early += answer.status == 500 and not answered
        tally.protocols[request.protocol] += 1
        tally.sample(f"an answer {answer.status}", f"{self._title}, {request.what}: {answer.said}")
        wrong = judge.designed(answer.status, ended, answered)
        if wrong:
            tally.wrong(self._title, request, f"{wrong}: {answer.said}")

    def _crashed(self, group, answers, recording):
        """Counts the crash, marks who took part, serves again, and sends the innocent ones again."""
        self._count(recording)
        broken = [request for request, answer in zip(group, answers) if answer.status == judge.BROKEN]
        guilty = [request for request in broken if not request.innocent]
        if not guilty:
            self._tally.wrong(self._title, group[0], "the process ended, and no designed request was under way")
        for request in guilty:
            known = self._suspicions.setdefault(designs.identity(request.inputs), (request, judge.Suspicion()))
            known[1].crashed(recording, len(group) == 1)
        self._restarted()
        for request in broken:
            if request.innocent:
                self._exchange([request])

    def _count(self, recording):
        log = self._pod.log()
        name = judge.signal(log)
        if name is None:
            raise Lost(f"the process ended with {self._pod.server.ended()}, and no signal in its log: {log[-600:]}")
        self._pod.crashes += 1
        self._signal = name
        self._tally.lost[name, recording] += 1
        self._tally.sample(f"log of a process that ends by {name}", next(line for line in log.splitlines() if judge.SIGNAL.search(line)))

    def _restarted(self):
        log = self._pod.restart()
        said = judge.announced(log)
        if said is None or said[:2] != (self._signal, self._pod.crashes):
            self._tally.wrong(self._title, None, f"after crash {self._pod.crashes} by {self._signal} the log tells {said}")
        elif self._pod.crashes > 1:
            self._tally.running[said[2]] += 1
        self._tally.sample("log of the next process", next((line for line in log.splitlines() if judge.ANNOUNCED.search(line)), ""))
        crashes = self._pod.info().get("crashes", {})
        if (crashes.get("last_signal"), crashes.get("count")) != (self._signal, self._pod.crashes):
            self._tally.wrong(self._title, None, f"after crash {self._pod.crashes} by {self._signal} /info tells {crashes}")

    # afterwards

    def _settle(self):
        """Sends each request that took part in a crash again, alone and by other protocols, until it is refused or was answered."""
        refused = 0
        for request, suspicion in self._suspicions.values():
            self._tally.crashing += 1
            self._tally.recorded += suspicion.recorded
            outcome = self._settled(request, suspicion)
            self._tally.repeats[outcome] += 1
            self._tally.alone += suspicion.settled
            self._tally.alone_refused += suspicion.settled and outcome == "refused"
            refused += outcome == "refused"
            if outcome == "refused":
                self._by_every_protocol(request)
        if self._pod.crashes and self._pod.info()["crashes"]["refused_requests"] != refused:
            self._tally.wrong(self._title, None, f"{refused} requests are refused, and /info tells {self._pod.info()['crashes']}")

    def _settled(self, request, suspicion):
        for _ in range(judge.AGAIN):
            again, answered = request.by(self._source.protocol(request.inputs)), self._pod.answered
            answer = self._alone(again)
            self._tally.repeats["(sent)"] += 1
            if self._ended([again], [answer]):
                self._tally.repeats["(ended the process once more, alone)"] += 1
                self._count(self._pod.recording)
                wrong = suspicion.crashed(True, True)
                self._restarted()
            else:
                outcome, wrong = suspicion.answered(answer.status, answered)
                if outcome is not None and wrong is None:
                    return outcome
            if wrong:
                self._tally.wrong(self._title, again, f"{wrong}: {answer.said}")
                return "WRONG"
        self._tally.wrong(self._title, request, f"not settled after {judge.AGAIN} times")
        return "WRONG"

    def _by_every_protocol(self, request):
        for protocol in self._source.protocols(request.inputs):
            again = request.by(protocol)
            answer = self._alone(again)
            ended = self._ended([again], [answer])
            self._tally.repeats["(sent by every protocol, refused)"] += answer.status == judge.REFUSED
            if answer.status != judge.REFUSED:
                self._tally.wrong(self._title, again, f"answered {answer.status}, though another protocol refused it: {answer.said}")
            else:
                self._check_line(answer, again)
            if ended:
                self._count(True)
                self._restarted()

    def _alone(self, request):
        time.sleep(PACE)
        return self._pod.send([request])[0]

    def _check_line(self, answer, request):
        line = self._pod.line(rf"\b{answer.id}\b")
        if "crashing_input" not in line:
            self._tally.wrong(self._title, request, f"no line of the log names the id {answer.id} and crashing_input: {line}")
        self._tally.sample("log of a refused request", line)
        self._tally.sample("an answer 422", answer.said)

    def _check_pod(self):
        info = self._pod.info()
        self._tally.sample("/info", {"crashes": info["crashes"], "batching": info["runtime"]["batching"]})
        if info["runtime"]["batching"]["mode"] != "off":
            self._tally.wrong(self._title, None, f"requests are merged while runs are recorded: {info['runtime']['batching']}")
        counted = re.search(r'ml_errors_total\{type="crashing_input",?\} (\S+)', self._pod.metrics())
        if self._pod.refusals and (counted is None or float(counted.group(1)) != self._pod.refusals):
            self._tally.wrong(self._title, None, f"{self._pod.refusals} refusals, counted: {counted and counted.group(1)}")
