"""Kill runs at every journal boundary and at random instants, resume them, and count what went wrong.

    python benchmarks/crash_resume.py [--n 150] [--seed 0] [--workers 1] [--json OUT]

Every boundary of every task is hit once, then random instants (and in a third of the trials the resumed run
is killed too) until n. Prints n, resumed and finished, repeated deeds, lost records and the slowest
resumption, with the bound that n proves.
"""

import argparse
import json
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from planner.executive.taking_up import AGAIN
from planner.resume.crash_tasks import TASKS
from planner.resume.crash_trial import Crash, CrashResult, CrashTask, crash_and_resume, length_of


def plan(n: int, seed: int, root: Path) -> list[tuple[CrashTask, tuple[Crash, ...]]]:
    """Return what is killed when: every boundary, then random instants until n."""
    rng = random.Random(seed)
    lengths = {task.name: length_of(task, root / task.name) for task in TASKS}
    trials = [(task, (Crash(event=k),)) for task in TASKS for k in range(1, lengths[task.name][0] + 1)]
    while len(trials) < n:
        task = TASKS[len(trials) % len(TASKS)]
        crashes = [Crash(after_s=rng.uniform(0.0, lengths[task.name][1]))]
        if rng.random() < 1 / 3:
            crashes.append(Crash(event=rng.randint(1, lengths[task.name][0])))
        trials.append((task, tuple(crashes)))
    return trials


def main() -> None:
    """Run the trials and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--n", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.workers) as pool:
        root = Path(folder)
        trials = plan(arguments.n, arguments.seed, root)

        def run(numbered: tuple[int, tuple[CrashTask, tuple[Crash, ...]]]) -> CrashResult:
            number, (task, crashes) = numbered
            result = crash_and_resume(task, crashes, root / f"{number:04d}", answer=AGAIN)
            if not result.is_finished or result.repeated or result.lost:
                print(number, result, flush=True)
            return result

        results = list(pool.map(run, enumerate(trials)))
    report(results)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")


def report(results: list[CrashResult]) -> None:
    """Print the counts; zero in n bounds a rate at 1 - 0.05 ** (1 / n) with 95 % confidence."""
    n = len(results)
    hit = sum(result.kills > 0 for result in results)
    waits = [wait for result in results for wait in result.resume_s]
    print(
        f"n                        {n} ({hit} killed before their end, {sum(r.kills for r in results)} kills)"
    )
    for what, count in (
        ("resumed and finished", sum(result.is_finished for result in results)),
        ("runs with repeated deeds", sum(bool(result.repeated) for result in results)),
        ("runs with lost records", sum(bool(result.lost) for result in results)),
        ("questions to the person", sum(result.questions for result in results)),
    ):
        print(f"{what:<24} {count}")
    print(f"slowest resumption       {max(waits, default=0.0):.2f} s")
    print(f"zero in n proves         a rate of at most {1 - 0.05 ** (1 / n):.2%} (95 %)")


if __name__ == "__main__":
    main()
