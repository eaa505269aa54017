"""Ten thousand requests to a policy server that misbehaves: is a chunk ever stale or invalid?

Every request carries its number, and an honest server answers with it; another number is stale.

    python -m benchmarks.wire_faults --n 10000 --seed 0
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import numpy as np
from websockets.sync.server import ServerConnection

from robots import Observation
from skills.policies import ActionChunk, PolicyFailure
from skills.policies.wires.adapter import SAYCANDO
from skills.policies.wires.arrays import pack
from skills.policies.wires.openpi import OpenPiClient
from skills.policies.wires.remote_policy import RemotePolicy
from tests.fakes.pictures import grey, seen_with
from tests.fakes.policy_server import openpi_server

DEADLINE_S = 0.08
FAULTS = (
    "honest",
    "honest",
    "silent",
    "late",
    "garbage",
    "nan",
    "shape",
    "missing",
    "error",
    "cut",
    "huge",
    "type",
)


def main() -> None:
    """Run, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faults = np.random.default_rng(options.seed).choice(FAULTS, size=options.n)
    counts: Counter[str] = Counter()
    wrong = 0
    began = time.perf_counter()
    with openpi_server(lambda s, c, n: misbehave(c, s.requests[-1], faults)) as server:
        policy = RemotePolicy(OpenPiClient("127.0.0.1", server.port), SAYCANDO, deadline_s=DEADLINE_S)
        policy.reset(observation())
        for number, fault in enumerate(faults):
            answer = policy.act(observation(), str(number))
            server.requests.clear()
            if isinstance(answer, PolicyFailure):
                counts[f"{fault}: {answer.kind.value}"] += 1
                wrong += not answer.reason
                continue
            counts[f"{fault}: chunk"] += 1
            wrong += not is_of(answer, number)
        policy.close()
    for what, count in sorted(counts.items()):
        print(f"{what:28} {count}")
    print(f"{options.n} requests, {wrong} stale or invalid chunks, {time.perf_counter() - began:.0f} s")


def is_of(chunk: ActionChunk, number: int) -> bool:
    """Return whether a chunk is sound and answers this request."""
    return chunk.problem(max_width=0.08) is None and bool(np.allclose(chunk.motion[:, 0], number * 1e-6))


def misbehave(connection: ServerConnection, request: dict[str, object], faults: np.ndarray) -> None:
    """Answer a request as its fault says."""
    number = int(str(request["prompt"]))
    chunk = np.zeros((8, 10))
    chunk[:, 0] = number * 1e-6
    fault = faults[number]
    if fault == "silent":
        return
    if fault == "late":
        time.sleep(1.5 * DEADLINE_S)
    replies: dict[str, object] = {
        "nan": {"actions": np.where(np.arange(10) == 3, np.nan, chunk)},
        "shape": {"actions": chunk[:, :7]},
        "missing": {"action": chunk},
        "type": {"actions": "forward"},
        "huge": {"actions": chunk + np.inf},
    }
    if fault == "garbage":
        connection.send(b"\xc1\xff" * 20)
    elif fault == "error":
        connection.send("Traceback: boom")
        connection.close(1011)
    elif fault == "cut":
        connection.close_socket()
    else:
        connection.send(pack(replies.get(fault, {"actions": chunk})))


def observation() -> Observation:
    """Return what the robot sees: grey."""
    return seen_with(head=grey(90), wrist=grey(90))


if __name__ == "__main__":
    main()
