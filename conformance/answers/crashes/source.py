"""The requests of one model: innocent ones, designed ones, and in which groups they are sent."""

from answers.crashes import designs
from answers.crashes.pod import PROTOCOLS, Request
from answers.models.draws import chance, pick


class Source:
    def __init__(self, candidate, rng):
        self._candidate, self._rng = candidate, rng
        self.predicts = False  # whether the model takes rows by /predict

    @property
    def rows(self):
        """Whether /predict may take its inputs."""
        return by_row(self._candidate.usual(self._rng))

    def protocols(self, inputs):
        return (*PROTOCOLS, "/predict") if self.predicts and by_row(inputs) else PROTOCOLS

    def protocol(self, inputs):
        return pick(self._rng, self.protocols(inputs))

    def innocent(self, protocol=None):
        inputs = self._candidate.usual(self._rng)
        return Request(inputs, "a usual request", True, protocol or self.protocol(inputs))

    def groups(self, wanted):
        """Designed requests alone, or up to three at once beside innocent ones, and innocent ones between."""
        left = self._designed(wanted)
        while left:
            size = 1 if chance(self._rng, 0.5) else pick(self._rng, [1, 2, 3])
            group, left = left[:size], left[size:]
            if size > 1 or chance(self._rng, 0.3):
                group = [*group, *(self.innocent() for _ in range(pick(self._rng, [1, 2, 3])))]
            yield [group[i] for i in self._rng.permutation(len(group))]
            if chance(self._rng, 0.5):
                yield [self.innocent()]

    def _designed(self, wanted):
        """As many different ones as are wanted; fewer of a model that has not so many."""
        requests = {}
        for _ in range(20 * wanted):
            inputs, what = designs.designed(self._rng, self._candidate)
            requests.setdefault(designs.identity(inputs), Request(inputs, what, False, self.protocol(inputs)))
            if len(requests) == wanted:
                break
        return list(requests.values())


def by_row(inputs):
    """Whether inputs are rows that /predict takes."""
    array = next(iter(inputs.values()))
    return len(inputs) == 1 and array.ndim == 2 and array.shape[0] > 0 and array.dtype.kind in "fi" and array.dtype.itemsize >= 4
