"""Room planner: what can go wrong around a model behind a wire, and who must act.

ValueError
├── ModelUnavailable     the person: a key or a package is missing
├── UnsuitableScorer     the person: the wire cannot rate as asked
├── PriceError           the person: a price file               (gateway.prices)
├── CacheError           the person: a folder for answers       (gateway.cache)
└── Unusable             the model: its answer goes back to it  (answers)
    └── NoEcho           the server lacks a way of rating       (scorers.echo)
Exception
├── CallFailed           the world: becomes a `Failure` value   (gateway.exchange)
└── BrokenReply          the world: tried again                 (gateway.faults)
"""

from __future__ import annotations


class ModelUnavailable(ValueError):
    """A model that cannot be used here: a key or a package is missing; says what to do."""


class UnsuitableScorer(ValueError):
    """A way of rating that the model's wire does not have; says which it has."""
