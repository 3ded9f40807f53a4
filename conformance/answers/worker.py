"""What a worker process does: draws a model, and holds the server's answers against the right ones."""

import traceback

from answers import models
from answers.oracle import Oracle
from answers.trial import Trial

_STATE = {}


def prepare():
    """Once for each worker: imports the frameworks."""
    models.load()
    _STATE["oracle"] = Oracle()


def tried(seed, index, only, java):
    """What was found with one model: (family, result or sentence, model)."""
    try:
        model, rng, family = models.draw(seed, index, only)
    except models.NotExported as e:
        return "not exported", str(e), None
    try:
        return family, Trial(model, rng, _STATE["oracle"]).run(java), model.content
    except Exception:  # a fault of this program is one of the model's number
        return family, traceback.format_exc(limit=-4), model.content
