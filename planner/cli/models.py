"""Room planner: `saycando models` and `saycando mock-cloud`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from .errors import exit_codes


def models() -> None:
    """List the language models, what each can do, and what is missing to use it."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for column in ("--model", "pictures", "structured answers", "rates by", "ready"):
        table.add_column(column, overflow="fold")
    for row in _rows(os.environ):
        table.add_row(*row)
    console = Console()
    console = console if console.is_terminal else Console(width=140)
    console.print(table)
    console.print(f"[dim]auto is {_auto(os.environ)}; prices as of {_price_date()}[/]", highlight=False)


def mock_cloud(
    wire: Annotated[str, typer.Option(help="openai or anthropic.")] = "openai",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8089,
) -> None:
    """Serve the offline model in a vendor's wire format on this machine: the cloud path with no key."""
    from planner.mock_cloud import WIRES, MockCloud
    from planner.request import BadRequest, check_choice

    with exit_codes():
        check_choice("wire", wire, WIRES)
        try:
            cloud = MockCloud(next(name for name in WIRES if name == wire), port=port)
        except OSError as error:
            raise BadRequest(
                f"port {port} cannot be used: {error.strerror}; --port 0 takes a free one"
            ) from error
    for name, value in cloud.environment.items():
        typer.echo(f"export {name}={value}")
    typer.echo(f'# then: saycando run "bring me an apple" --model {wire}      (Ctrl-C ends the server)')
    try:
        cloud.serve()
    except KeyboardInterrupt:
        typer.echo(f"{cloud.requests} requests answered")


def _rows(environment: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    from planner.models import KEYS, package_for
    from planner.remote.profiles import load_profiles

    known = load_profiles()
    yield "offline", "no", "yes", "offline", "yes"
    for provider, key in KEYS.items():
        name = f"{provider}:{known.defaults[provider]}"
        profile = known.of(name)
        address = f"{provider.upper()}_BASE_URL"
        ready = "yes" if environment.get(key) or environment.get(address) else f"set {key}"
        if environment.get(address):
            ready += f" (at {address})"
        yield f"{name} (default of {provider})", _word(profile.pictures), "yes", profile.scorer, ready
    for pattern, profile in known.profiles.items():
        if pattern.startswith("openai:") and profile.scorer == "letters":
            yield pattern, _word(profile.pictures), "yes", profile.scorer, "as openai"
    for provider in KEYS:
        package = package_for(provider)
        ready = f"pip install {package}" if package else "yes, with its key"
        profile = known.of(f"langchain:{provider}:")
        yield (
            f"langchain:{provider}:MODEL",
            _word(profile.pictures),
            "if the model has them",
            profile.scorer,
            ready,
        )
    local = known.of("local:")
    yield "local:URL#MODEL", _word(local.pictures), "yes", "echo, else letters", "when the server runs"


def _word(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _auto(environment: Mapping[str, str]) -> str:
    from planner.models import resolve

    return resolve("auto", environment)


def _price_date() -> str:
    from planner.remote.gateway import load_prices

    table = load_prices()
    return f"{table.as_of} ({table.source})"
