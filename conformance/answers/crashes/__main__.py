"""`python -m answers.crashes [--models N] [--requests M] [--seed S] [--only WORD]`: see ../../README.md."""

import argparse
import importlib
import secrets
import sys
import time
import traceback

import numpy as np

from answers import crashes, faststart
from answers.crashes.tally import Tally
from answers.crashes.trial import Trial


EAGER = ("signal", "hidden")  # modules of the models that do end their process


def chosen(rng, models, only):
    """As many candidates as are wanted, drawn, up to half of them eager ones; in the order of the files."""
    for module in crashes.MODULES:
        importlib.import_module(f"answers.crashes.{module}")
    listed = [(title, make) for title, make in crashes.LIST if only is None or only.lower() in title.lower()]
    order = [int(each) for each in rng.permutation(len(listed))]
    first = [each for each in order if listed[each][1].__module__.rsplit(".", 1)[1] in EAGER][: models // 2]
    numbers = sorted([*first, *(each for each in order if each not in first)][:models])
    return [(number, *listed[number]) for number in numbers]


def main():
    parser = argparse.ArgumentParser(prog="conformance/run crashes")
    parser.add_argument("--models", type=int, default=40)
    parser.add_argument("--requests", type=int, default=500, help="designed ones, of all models together (500)")
    parser.add_argument("--seed", type=int, default=None, help="what everything is drawn from; a new one without")
    parser.add_argument("--only", help="only models with this word in their title")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else secrets.randbelow(10**9)
    print(f"seed {seed}", flush=True)
    started = time.monotonic()
    tally = Tally()
    models = chosen(np.random.default_rng(seed), options.models, options.only)
    java = faststart.java_options()
    each = -(-options.requests // max(len(models), 1))
    for number, title, make in models:
        tally.models += 1
        lost, began = sum(tally.lost.values()), time.monotonic()
        try:
            Trial(title, make(), np.random.default_rng([seed, number]), tally).run(each, java)
        except Exception as e:  # whatever went wrong is a violation of this model
            if not isinstance(e, RuntimeError):
                traceback.print_exc()
            tally.wrong(title, None, f"{type(e).__name__}: {e}")
        print(f"{tally.models:>3} of {len(models)}  {title}: {sum(tally.lost.values()) - lost} processes lost, {time.monotonic() - began:.0f} s", flush=True)
    tally.show()
    print(f"\n{time.monotonic() - started:.0f} s, --seed {seed}")
    return int(bool(tally.violations))


if __name__ == "__main__":
    sys.exit(main())
