"""`python -m clients [GROUP…]`: see ../run. Every group is a process: two clients bring the same protobuf messages."""

import importlib
import logging
import subprocess
import sys

from clients.checks import Checks

GROUPS = {
    "triton-http": "clients.triton_http",
    "triton-grpc": "clients.triton_grpc",
    "kserve": "clients.kserve_sdk",
    "open-inference": "clients.open_inference_client",
    "equality": "clients.equality",
}


def main(names):
    unknown = set(names) - set(GROUPS)
    if unknown:
        sys.exit(f"there is no {', '.join(sorted(unknown))}; the groups are {', '.join(GROUPS)}")
    if len(names) == 1:
        logging.disable(logging.WARNING)
        checks = Checks()
        importlib.import_module(GROUPS[names[0]]).run(checks)
        print(f"{names[0]}: {len(checks.rows) - checks.failed} of {len(checks.rows)} checks passed\n")
        return 1 if checks.failed else 0
    codes = [subprocess.run([sys.executable, "-m", "clients", name]).returncode for name in names or GROUPS]
    print("all groups passed" if not any(codes) else f"{sum(map(bool, codes))} groups failed")
    return int(any(codes))


sys.exit(main(sys.argv[1:]))
