"""Room planner: `saycando skills`."""

from __future__ import annotations

from typing import Annotated

import typer


def skills(
    pddl: Annotated[bool, typer.Option("--pddl", help="Also show preconditions.")] = False,
) -> None:
    """List the skills and what each promises."""
    from rich.console import Console

    from grounding import to_pddl
    from skills import HOUSEHOLD_CONTRACTS

    console = Console()
    for contract in HOUSEHOLD_CONTRACTS:
        console.print(f"[bold]{contract.signature}[/]  {contract.description}", highlight=False)
        if pddl:
            console.print(f"    needs {to_pddl(contract.precondition)}", highlight=False, markup=False)
