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

    def begin_with(self, method: str) -> None:
        """Leave out what is better than `method`, if that is among the scorers."""
        methods = [scorer.method for scorer in self._scorers]
        if method in methods:
            del self._scorers[: methods.index(method)]

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Rate by the best method that is left."""
        while True:
            try:
                return await rate_many(self._scorers[0], question, asker)
            except NoEcho:
                if len(self._scorers) == 1:
                    raise
            except CallFailed as failure:
                if failure.kind is not FailureKind.UNSUPPORTED or len(self._scorers) == 1:
                    raise
            del self._scorers[0]
