"""Room planner: control over every request to a model: deadline, retries, hedging, budget, cache, record."""

from .budget import Account, Budget
from .cache import CacheError
from .exchange import Body, CallFailed, Reply, Request, Tokens, image_at, image_digest
from .faults import BrokenReply, Fault, fault_of, retry_after_s
from .gateway import Gateway
from .ledger import Ledger, Recorded, Recording
from .loop_thread import LoopThread
from .prices import Price, PriceError, PriceTable, load_prices
from .redaction import Redactor, secrets_in
from .settings import CallSettings

__all__ = [
    "Account",
    "Body",
    "BrokenReply",
    "Budget",
    "CacheError",
    "CallFailed",
    "CallSettings",
    "Fault",
    "Gateway",
    "Ledger",
    "LoopThread",
    "Price",
    "PriceError",
    "PriceTable",
    "Recorded",
    "Recording",
    "Redactor",
    "Reply",
    "Request",
    "Tokens",
    "fault_of",
    "image_at",
    "image_digest",
    "load_prices",
    "retry_after_s",
    "secrets_in",
]
