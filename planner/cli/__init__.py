"""Room planner: the command line."""


def main() -> None:
    """Run `saycando`."""
    from .app import app

    app()


__all__ = ["main"]
