"""What the widgets share: named controls above one picture with its sentence, and the state as a trait.

Messages of a slider that is being dragged are gathered by ipywidgets itself: the page sends the newest value only when
the kernel has finished with the one before. Nothing here clears an output; the picture is replaced in its place, and
its size is written beside it, so that the page does not jump.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import traitlets
from matplotlib.figure import Figure

from ..errors import CourseError
from .names import names
from .picture import Hover, picture_html, words_html

# a picture, the same in words, and perhaps what is said where the mouse rests
Shown = tuple[Figure, str] | tuple[Figure, str, Sequence[Hover]]


class Explorer(ipywidgets.VBox):
    """Controls above a picture.

    state: name → value of every control, readable and settable, so `w.state = {**w.state, "depth": 20}` moves the
    widget as a hand would. words: the sentence below the picture. view: the HTML that holds both.
    """

    state = traitlets.Dict()
    words = traitlets.Unicode()

    def __init__(
        self, controls: Mapping[str, Any], show: Callable[..., Shown], rows: Sequence[Any] | None = None
    ) -> None:
        """Draw the first picture at once; whatever `show(**values)` raises then passes through.

        rows: what stands above the picture, if it is not one control a row.
        """
        self.controls, self._show, self._quiet = dict(controls), show, False
        self.view = ipywidgets.HTML()
        super().__init__([*(self.controls.values() if rows is None else rows), names(), self.view])
        self._draw()
        for control in self.controls.values():
            control.observe(self._moved, "value")
        self.observe(self._set, "state")

    def redraw(self) -> None:
        """Draw anew. What the learner's code raises becomes a sentence: nobody sees a callback's traceback."""
        try:
            self._draw()
        except CourseError as error:
            self._say(str(error))
        except Exception as error:
            self._say(f"This stopped with {type(error).__name__}: {error}")

    def _draw(self) -> None:
        self._quiet, before = True, self._quiet  # `show` may set limits of its controls
        try:
            shown = self._show(**{name: control.value for name, control in self.controls.items()})
            self.words = shown[1]
            self.view.value = picture_html(*shown)
            self.state = {name: control.value for name, control in self.controls.items()}
        finally:
            self._quiet = before

    def _say(self, words: str) -> None:
        self.words, self.view.value = words, words_html(words)

    def _moved(self, _: object) -> None:
        if not self._quiet:
            self.redraw()

    def _set(self, change: Any) -> None:
        """Carry a state that was set from outside into the controls, with one picture for all changes."""
        if self._quiet:
            return
        unknown = [name for name in change["new"] if name not in self.controls]
        if unknown:
            raise CourseError(f"This widget has no {unknown[0]!r}; it has {', '.join(self.controls)}.")
        self._quiet = True
        try:
            for name, value in change["new"].items():
                self.controls[name].value = value
        finally:
            self._quiet = False
        self.redraw()
