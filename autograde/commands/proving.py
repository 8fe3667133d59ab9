"""`dlcourse prove`: the checks against every known mistake and every right style."""

from __future__ import annotations

import sys

import click


@click.command()
@click.argument("chapter", required=False)
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True, help="Number of seeds.")
@click.option("--workers", type=click.IntRange(1), help="Processes to use.")
def prove(chapter: str | None, seeds: int, workers: int | None) -> None:
    """Prove the checks: the stub earns nothing, every mistake is named, every right style passes."""
    from ..prove import print_proof

    sys.exit(0 if print_proof(chapter, seeds, workers) else 1)
