"""`dlcourse doctor`: what is here, what is not, and what to do about it."""

import sys

import click


@click.command()
def doctor() -> None:
    """Show the state of everything the course needs, and what to do about what is missing.

    Exits with 1 when something necessary is missing.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from .findings import Finding, examine

    words = {
        "ok": "[green]✓ ok[/green]",
        "missing": "[red]✗ missing[/red]",
        "optional": "[yellow]– not here[/yellow]",
    }
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("part", "state", "what was found", "what to do"):
        table.add_column(heading, overflow="fold")
    findings: list[Finding] = examine()
    for finding in findings:
        table.add_row(escape(finding.part), words[finding.state], escape(finding.found), escape(finding.remedy))
    console = Console()
    console.print(table)
    if any(finding.state == "missing" for finding in findings):
        console.print("\nSomething that the course needs is missing; the last column says what to do.")
        sys.exit(1)
    console.print("\nAll that the course needs is here.")
