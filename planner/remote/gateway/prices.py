"""Room planner: what tokens cost: a dated table in a data file, and a user's additions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .exchange import Tokens

PRICES_FILE = Path(__file__).with_name("prices.yaml")


class PriceError(ValueError):
    """A price file that cannot be used; one sentence that says where and why."""


class Price(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0)
    cached: float = Field(ge=0, description="input that the prompt cache held")
    written: float = Field(ge=0, description="input that was written into the prompt cache")
    output: float = Field(ge=0)

    def cost_usd(self, tokens: Tokens) -> float:
        """Return what tokens cost, [USD]."""
        fresh = max(0, tokens.input - tokens.cached - tokens.written)
        million = fresh * self.input + tokens.cached * self.cached + tokens.written * self.written
        return (million + tokens.output * self.output) / 1e6

    def most_usd(self, input_tokens: int, output_tokens: int) -> float:
        """Return the most that a request can cost, [USD]."""
        return (input_tokens * max(self.input, self.written) + output_tokens * self.output) / 1e6


class PriceTable(BaseModel):
    """Prices by model pattern, the first that fits; `*` stands for any text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    source: str
    prices: Mapping[str, Price]

    def of(self, model: str, endpoint: str = "") -> Price | None:
        """Return the price of `provider:model`, of `provider:model/endpoint` first; None when unknown.

        What LangChain calls costs what its vendor charges.
        """
        model = model.removeprefix("langchain:")
        for name in (f"{model}/{endpoint}", model):
            for pattern, price in self.prices.items():
                if fnmatchcase(name, pattern):
                    return price
        return None


def load_prices(extra: Path | None = None) -> PriceTable:
    """Return the shipped table, with a user's file of the same format put before it.

    Raises:
        PriceError: If a file cannot be used.
    """
    shipped = _read(PRICES_FILE)
    if extra is None:
        return shipped
    own = _read(extra)
    return own.model_copy(update={"prices": {**own.prices, **shipped.prices, **own.prices}})


def _read(path: Path) -> PriceTable:
    try:
        return PriceTable.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise PriceError(f"price file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PriceError(f"price file {path} is not UTF-8 text") from error
    except yaml.YAMLError as error:
        raise PriceError(f"price file {path} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "its top"
        raise PriceError(
            f"price file {path}, at {where}: {first['msg']}; it needs as_of, source, and prices with "
            "input, cached, written and output in USD per million tokens"
        ) from error
