"""What goes on in the loop's thread: ratings begun ahead, and what Ctrl-C leaves behind."""

import asyncio
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from planner.journal import ExchangeLog, read_recording, unanswered
from planner.journal.exchanges import read_exchanges
from planner.language_model import ASK, DONE, NONE_OF_THESE, Decomposition, Failure, FailureKind
from planner.remote.gateway import CallSettings, LoopThread, loop_thread
from planner.remote.model import PromptedModel
from tests.fakes.scripted_model import call
from tests.fakes.spoken_ratings import by_decisions
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.wired_model import (
    CONTRACTS,
    OPENAI,
    OTHER_SCENE,
    SCENE,
    TASK,
    check_scores,
    decompose,
    error,
    plan_text,
    wired,
)

pytestmark = pytest.mark.wire

CANDIDATES = (call("pick apple_1"), call("go_to sink"), DONE, ASK)
EVEN = by_decisions(dict.fromkeys((*map(str, CANDIDATES), NONE_OF_THESE), 1.0))


class Hang:
    """Answers nothing, and says when it was asked."""

    def __init__(self) -> None:
        self.arrived = threading.Event()

    def __call__(self, path: str, body: Any) -> Reply:
        self.arrived.set()
        return Reply(hang=True)

    @contextmanager
    def interrupting(self, model: PromptedModel) -> Iterator[None]:
        """Interrupt the model from another thread as soon as it has asked."""

        def interrupt() -> None:
            self.arrived.wait(20.0)
            model.interrupt()

        watcher = threading.Thread(target=interrupt)
        watcher.start()
        yield
        watcher.join()


def test_what_was_rated_ahead_is_taken_for_exactly_this_question() -> None:
    with Vendor([EVEN, EVEN]) as vendor, wired(vendor, OPENAI) as model:
        model.prefetch_score(TASK, SCENE, CONTRACTS, CANDIDATES)
        ahead = check_scores(model.score(TASK, SCENE, CONTRACTS, CANDIDATES))
        again = check_scores(model.score(TASK, SCENE, CONTRACTS, CANDIDATES))
    assert ahead.was_prefetched and not again.was_prefetched
    assert ahead.scores == again.scores and ahead.usage.calls == 1


@pytest.mark.parametrize("differs", ["scene", "options", "order"])
def test_what_was_rated_ahead_for_another_question_is_dropped(differs: str, tmp_path: Path) -> None:
    scene = OTHER_SCENE if differs == "scene" else SCENE
    candidates = {"options": CANDIDATES[1:], "order": CANDIDATES[::-1]}.get(differs, CANDIDATES)
    hang = Hang()
    log = ExchangeLog(tmp_path / "journal.sqlite")
    with Vendor([hang, EVEN]) as vendor, wired(vendor, OPENAI) as model:
        model.begin_run(log)
        model.prefetch_score(TASK, SCENE, CONTRACTS, CANDIDATES)
        assert hang.arrived.wait(20.0)
        scores = check_scores(model.score(TASK, scene, CONTRACTS, candidates))
        model.end_run()
    log.close()
    assert not scores.was_prefetched and scores.usage.calls == 1
    states = [state for state, _, _ in read_exchanges(tmp_path / "journal.sqlite")]
    assert sorted(states) == ["answered", "cancelled", "sent", "sent"]
    assert unanswered(tmp_path / "journal.sqlite") == 0


def test_a_rating_whose_server_was_down_ahead_is_asked_for_again() -> None:
    calls = CallSettings(attempts=1)
    with Vendor([error(503), EVEN]) as vendor, wired(vendor, OPENAI, calls=calls) as model:
        model.prefetch_score(TASK, SCENE, CONTRACTS, CANDIDATES)
        assert not check_scores(model.score(TASK, SCENE, CONTRACTS, CANDIDATES)).was_prefetched


def test_a_rating_that_was_refused_ahead_is_not_asked_for_again() -> None:
    with Vendor([error(401)]) as vendor, wired(vendor, OPENAI) as model:
        model.prefetch_score(TASK, SCENE, CONTRACTS, CANDIDATES)
        answer = model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    assert isinstance(answer, Failure) and answer.kind is FailureKind.REJECTED


@pytest.mark.parametrize("end", ["drop_prefetched", "end_run", "close"])
def test_what_was_begun_ahead_ends_with_the_run(end: str, tmp_path: Path) -> None:
    log, hang = ExchangeLog(tmp_path / "journal.sqlite"), Hang()
    with Vendor.answering(hang) as vendor, wired(vendor, OPENAI) as model:
        model.begin_run(log)
        model.prefetch_score(TASK, SCENE, CONTRACTS, CANDIDATES)
        assert hang.arrived.wait(20.0)
        getattr(model, end)()
        model.end_run()
    log.close()
    states = [state for state, _, _ in read_exchanges(tmp_path / "journal.sqlite")]
    assert states == ["sent", "cancelled"]


@dataclass(frozen=True)
class Interrupted:
    """A future whose reader is interrupted as by Ctrl-C."""

    future: Future[None]

    def result(self) -> None:
        signal.raise_signal(signal.SIGINT)
        self.future.result()

    def cancel(self) -> bool:
        return self.future.cancel()


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt, whoever runs the tests."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_cancels_what_is_waited_for(ctrl_c: None) -> None:
    ended, loop = threading.Event(), LoopThread()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting: Any = Interrupted(loop.start(work()))
    with pytest.raises(KeyboardInterrupt):
        loop.wait(waiting)
    assert ended.wait(20.0)
    loop.close()
    loop.close()


def test_ctrl_c_while_a_model_thinks_leaves_nothing_behind(ctrl_c: None) -> None:
    main = threading.main_thread().ident or 0

    def press(path: str, body: Any) -> Reply:
        while not _waits_for_the_loop(main):
            time.sleep(0.001)
        signal.pthread_kill(main, signal.SIGINT)
        return Reply(hang=True)

    with Vendor([press, OPENAI.says(plan_text())]) as vendor, wired(vendor, OPENAI) as model:
        with pytest.raises(KeyboardInterrupt):
            decompose(model)
        assert isinstance(decompose(model), Decomposition), "the model is still of use"
    assert len(vendor.requests) == 2


def _waits_for_the_loop(thread: int) -> bool:
    """Tell whether a thread is inside `LoopThread.wait`, at rest."""
    frames = []
    frame = sys._current_frames().get(thread)
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    is_at_rest = frames[0].f_code.co_name == "wait" and frames[0].f_code.co_filename == threading.__file__
    return is_at_rest and any(f.f_code.co_filename == loop_thread.__file__ for f in frames)


# ---- one model, several users ----


def test_a_model_in_use_by_one_run_is_refused_to_another() -> None:
    with Vendor([]) as vendor, wired(vendor, OPENAI) as model:
        model.begin_run(None)
        with pytest.raises(RuntimeError, match="in use by another run"):
            model.begin_run(None)
        model.end_run()
        model.begin_run(None)
        model.end_run()


def test_an_interrupted_wait_ends_as_cancelled() -> None:
    hang = Hang()
    with Vendor.answering(hang) as vendor, wired(vendor, OPENAI) as model, hang.interrupting(model):
        answer = decompose(model)
    assert isinstance(answer, Failure) and answer.kind is FailureKind.CANCELLED


def test_a_run_that_was_interrupted_before_it_asked_asks_nothing() -> None:
    with Vendor([]) as vendor, wired(vendor, OPENAI) as model:
        model.begin_run(None)
        model.interrupt()
        answer = decompose(model)
        model.end_run()
    assert isinstance(answer, Failure) and answer.kind is FailureKind.CANCELLED


def test_an_interrupted_wait_for_what_was_asked_ahead_leaves_a_readable_record(
    tmp_path: Path,
) -> None:
    log = ExchangeLog(tmp_path / "journal.sqlite")
    hang = Hang()
    with Vendor.answering(hang) as vendor, wired(vendor, OPENAI) as model:
        model.begin_run(log)
        model.prefetch_score(TASK, SCENE, CONTRACTS, CANDIDATES)
        with hang.interrupting(model):
            answer = model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
        model.end_run()
    log.close()
    assert isinstance(answer, Failure) and answer.kind is FailureKind.CANCELLED
    read_recording(tmp_path / "journal.sqlite")
    assert "taken" not in [state for state, _, _ in read_exchanges(tmp_path / "journal.sqlite")]
