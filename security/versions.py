"""Versions as Maven orders them, and ranges of them as Maven writes them."""

import re

# Below a release, in this order; what is not known comes after it, like "jre".
QUALIFIERS = {"alpha": -5, "a": -5, "beta": -4, "b": -4, "milestone": -3, "m": -3, "rc": -2, "cr": -2, "snapshot": -1}
RELEASES = {"", "final", "ga", "release"}
RANGE = re.compile(r"([\[(])([^,\[\]()]*),([^,\[\]()]*)([\])])")


def key(version):
    """A value that is ordered as the versions are: numbers by value, 4.1.9.Final below 4.1.10.Final, 2.0-rc1 below 2.0."""
    parts = []
    for part in [*re.findall(r"\d+|[a-z]+", version.lower()), ""]:
        if part.isdigit():
            parts.append((2, int(part), ""))
            continue
        # 1.0 and 1.0.0 are the same version, and so are 1-rc and 1.0-rc
        while parts and parts[-1] == (2, 0, ""):
            parts.pop()
        if part not in RELEASES:
            rank = QUALIFIERS.get(part)
            parts.append((0, rank, "") if rank is not None else (1, 1, part))
    # the end of a version is more than "rc" and less than a further part
    return [*parts, (1, 0, "")]


class Ranges:
    """Ranges like `(,4.1.132.Final),[4.2.0.Final,4.2.11.Final)`; a version is in them if it is in one."""

    def __init__(self, text):
        self.ranges = [match.groups() for match in RANGE.finditer(text)]
        if not self.ranges or ",".join(f"{a}{low},{high}{b}" for a, low, high, b in self.ranges) != text:
            raise ValueError(f'"{text}" is not a list of version ranges like "(,1.2.3),[2.0,2.1)"')
        for _, low, high, _ in self.ranges:
            if low and high and key(low) > key(high):
                raise ValueError(f"the range from {low} to {high} is empty")

    def __contains__(self, version):
        return any(self._in(version, each) for each in self.ranges)

    @staticmethod
    def _in(version, each):
        opens, low, high, closes = each
        at = key(version)
        above = not low or at > key(low) or (opens == "[" and at == key(low))
        return above and (not high or at < key(high) or (closes == "]" and at == key(high)))

    def fix(self, version):
        """What to use in place of a version that is in the ranges."""
        _, _, high, closes = next(each for each in self.ranges if self._in(version, each))
        if not high:
            return "another library; no version is fixed"
        return f"a version after {high}" if closes == "]" else f"{high} or newer"
