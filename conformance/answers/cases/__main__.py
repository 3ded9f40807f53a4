"""`python -m answers.cases [--markdown FILE] [ITEM…]`: asks a server about every observed case and judges the answers."""

import argparse
import concurrent.futures
import importlib
import os
import sys
import time
import traceback

from answers import cases, faststart
from answers.cases.files import ADDRESS
from clients.server import NotServed

MODULES = ["labels", "rows", "values", "requests", "crashes", "files", "pages", "images"]


def run(case):
    started = time.monotonic()
    try:
        outcomes = case.run()
    except NotServed as e:
        outcomes = [cases.Outcome("(start)", f"not served: {e}", False)]
    except Exception as e:  # whatever else went wrong is the outcome
        traceback.print_exc()
        outcomes = [cases.Outcome("(case)", f"{type(e).__name__}: {e}", False)]
    return case, outcomes, time.monotonic() - started


def cell(text, longest):
    text = " ".join(text.split())
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return text.replace("|", "\\|")


def alone():
    """Starts this program again in a network of its own, with an address that is not a loopback one."""
    if "CASES_NETWORK" in os.environ:
        return
    commands = f'ip link set lo up && ip address add {ADDRESS}/32 dev lo && exec "$@"'
    os.environ["CASES_NETWORK"] = ADDRESS
    os.execvp("unshare", ["unshare", "--net", "--map-root-user", "sh", "-c", commands, "sh", sys.executable, "-m", "answers.cases", *sys.argv[1:]])


def main():
    alone()
    parser = argparse.ArgumentParser()
    parser.add_argument("items", nargs="*", help="numbers of items, or words of titles; all without")
    parser.add_argument("--markdown", help="writes a table into this file")
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    for module in MODULES:
        importlib.import_module(f"answers.cases.{module}")
    chosen = [each for each in cases.LIST if not options.items or any(item == each.item if item.isdigit() else item in each.title for item in options.items)]
    cases.JAVA[:] = faststart.java_options()
    rows, wrong = [], 0
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        for case, outcomes, seconds in pool.map(run, chosen):
            print(f"\n{case.item}  {case.title} ({seconds:.0f} s)\n    correct: {case.correct}")
            for each in outcomes:
                wrong += not each.ok
                print(f"    {'ok' if each.ok else 'NOT OK':<7}{cell(each.request, 200)}\n           -> {cell(each.answer, 400)}", flush=True)
                rows.append(f"| {case.item} | {cell(case.title, 160)} | `{cell(each.request, 160)}` | {cell(each.answer, 300)} | {'ok' if each.ok else 'NOT OK'} | {cell(case.correct, 300)} |")
    if options.markdown:
        table = ["| item | case | request | answer | | correct answer |", "|---|---|---|---|---|---|", *rows]
        with open(options.markdown, "w") as file:
            file.write("\n".join(table) + "\n")
    print(f"\n{len(rows) - wrong} of {len(rows)} answers ok, in {len(chosen)} cases")
    return int(wrong > 0)


sys.exit(main())
