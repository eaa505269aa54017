"""Room planner: echo where the server offers it, letters where it does not; the first answer decides."""

from __future__ import annotations

from planner.language_model import FailureKind
from planner.remote.asking import Asker
from planner.remote.gateway import CallFailed

from .echo import EchoScorer, NoEcho
from .letters import LettersScorer
from .many import rate_many
from .question import Question, Rated


class EchoOrLetters:
    """Implements `Scorer`; its method names the one that is in use."""

    def __init__(self, echo: EchoScorer, letters: LettersScorer) -> None:
        """Begin with echo."""
        self._echo = echo
        self._letters = letters
        self._has_echo = True

    @property
    def method(self) -> str:
        """Return "echo" or "letters"."""
        return self._echo.method if self._has_echo else self._letters.method

    @property
    def most_options(self) -> int:
        """Return what echo takes; more than letters take are split here."""
        return self._echo.most_options

    @property
    def settings(self) -> str:
        """Return the settings of the method in use."""
        return self._echo.settings if self._has_echo else self._letters.settings

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Try echo; a server without it is asked for letters from then on."""
        if self._has_echo:
            try:
                return await self._echo.rate(question, asker)
            except NoEcho:
                self._has_echo = False
            except CallFailed as failure:
                if failure.kind is not FailureKind.REJECTED:
                    raise
                self._has_echo = False
        return await rate_many(self._letters, question, asker)
