"""What is right: of answers, and of requests that ended the process and are sent again."""

import re
from dataclasses import dataclass

BROKEN = 0  # no answer: the connection ended, or nothing came
REFUSED = 422
AGAIN = 4  # times that a request is sent again before it counts as never settled
SIGNAL = re.compile(r"#\s+(SIG[A-Z]+) \(0x[0-9a-f]+\)")
ANNOUNCED = re.compile(r"ended by (SIG[A-Z]+) in native code \(crash (\d+) of this pod\), with (\d+) recorded runs under way")
SENTENCE = "are not run again in this pod"


def signal(log):
    """The signal that the JVM says ended it; None where it says none."""
    found = SIGNAL.findall(log)
    return found[-1] if found else None


def announced(log):
    """(signal, how many times, recorded runs) of what a process says of the one before it; None where it says nothing."""
    found = ANNOUNCED.findall(log)
    return (found[-1][0], int(found[-1][1]), int(found[-1][2])) if found else None


def status(code, said):
    """The status of an answer as HTTP has it; gRPC has one for 400 and 422, which the sentence tells apart."""
    return REFUSED if code == 400 and SENTENCE in str(said) else code


def innocent(code, ended):
    """What became of a usual request: `answered`, `lost` with the process, or what is wrong with it."""
    if code == 200:
        return "answered"
    if code == BROKEN and ended:
        return "lost"
    return "refused" if code == REFUSED else f"answered {code or 'not at all'}"


def designed(code, ended, answered):
    """What is wrong with the first answer to a designed request; None where nothing is.

    answered: whether this process has answered any request with 200: until then what fails is the model's fault, 500
    """
    if code == BROKEN:
        return None if ended else "not answered, and the process lives"
    if code == REFUSED:
        return "refused as a crashing input, though it never ended the process"
    return "answered 500" if code == 500 and answered else None


@dataclass
class Suspicion:
    """A request that took part in a crash, from then until it is refused or has been answered."""

    recorded: bool = False  # it took part in a crash while runs were recorded
    alone: int = 0  # crashes while recording, at which it was the only request

    @property
    def settled(self):
        return self.alone > 0

    def crashed(self, recording, alone):
        """It took part in a crash; returns what is wrong with that, or None."""
        wrong = "ended the process again, though it had ended it alone while runs were recorded" if self.settled else None
        self.recorded |= recording
        self.alone += recording and alone
        return wrong

    def answered(self, code, answered=True):
        """It was sent again and answered: (`refused`, `acquitted` or None, what is wrong or None). `answered` as of `designed`."""
        if code == REFUSED:
            return "refused", None if self.recorded else "refused, though nothing was recorded when it ended the process"
        if self.settled:
            return None, f"answered {code}, not 422, though it ended the process alone while runs were recorded"
        known = code in (200, 400, 503, 504) or (code == 500 and not answered)
        return ("acquitted", None) if known else (None, f"answered {code}")
