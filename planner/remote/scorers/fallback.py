"""Room planner: the best way of rating that the server offers; the first answer decides, scores say which."""

from __future__ import annotations

from planner.language_model import FailureKind
from planner.remote.asking import Asker
from planner.remote.gateway import CallFailed

from .echo import NoEcho
from .many import rate_many
from .question import Question, Rated, Scorer


class FirstThatWorks:
    """Implements `Scorer` over several, best first; one that the server does not offer is not tried again."""

    def __init__(self, *scorers: Scorer) -> None:
        """Begin with the first."""
        self._scorers = list(scorers)
        self._has_worked = False

    @property
    def method(self) -> str:
        """Return the method in use."""
        return self._scorers[0].method

    @property
    def most_options(self) -> int:
        """Return what the method in use takes; what another takes is split here."""
        return self._scorers[0].most_options

    @property
    def settings(self) -> str:
        """Return the settings of the method in use."""
        return self._scorers[0].settings

    @property
    def methods(self) -> tuple[str, ...]:
        """Return the methods that are left, best first."""
        return tuple(scorer.method for scorer in self._scorers)

    def keep_to(self, method: str) -> None:
        """Rate by `method` alone from now on, if it is left."""
        self._scorers = [scorer for scorer in self._scorers if scorer.method == method] or self._scorers

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Rate by the best method that is left; once one has worked, its failures are its own."""
        while True:
            is_last = len(self._scorers) == 1 or self._has_worked
            try:
                rated = await rate_many(self._scorers[0], question, asker)
            except NoEcho:
                if is_last:
                    raise
            except CallFailed as failure:
                if failure.kind is not FailureKind.UNSUPPORTED or is_last:
                    raise
            else:
                self._has_worked = True
                return rated
            del self._scorers[0]
