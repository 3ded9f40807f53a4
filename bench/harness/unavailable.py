"""The one way in which a part of a run is left out."""


class Unavailable(Exception):
    """Something cannot be measured here; the sentence says why and goes into the report."""
