"""Room planner: `saycando policy`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .errors import exit_codes

policy = typer.Typer(
    help="Policy files: what one says of itself, and serving one to others.", no_args_is_help=True
)
PolicyFile = Annotated[Path, typer.Argument(help="An ONNX file that `saycando train` wrote.")]


@policy.command()
def show(file: PolicyFile) -> None:
    """Print what a policy FILE says about itself."""
    from rich.console import Console

    from skills.policies.onnx_policy import OnnxPolicy

    with exit_codes():
        card = OnnxPolicy(file).card
    console = Console()
    for name, value in card.model_dump(mode="json").items():
        console.print(f"{name:12} {value}", highlight=False, markup=False, soft_wrap=True)


@policy.command()
def serve(
    file: PolicyFile,
    host: Annotated[str, typer.Option(help="Where to listen; the wire checks nobody.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
) -> None:
    """Offer a policy FILE over openpi's wire until Ctrl-C."""
    from rich.console import Console

    from skills.policies.onnx_policy import OnnxPolicy

    with exit_codes():
        from skills.policies.wires.serve import openpi_server

        opened = OnnxPolicy(file)
        try:
            server = openpi_server(opened, host=host, port=port)
        except OSError as error:
            typer.echo(f"{host}:{port} cannot be listened on: {error.strerror}", err=True)
            raise typer.Exit(2) from error
        address = f"openpi://{host}:{server.socket.getsockname()[1]}"
        Console().print(f"{opened.name} at {address}; Ctrl-C ends it", highlight=False)
        server.serve_forever()
