"""A button that moves a slider by itself, one step after the other.

ipywidgets' own Play has buttons without a name, so that a screen reader says "button" four times. This one is a single
button that says what it does, and each step waits until the picture of the last one has been drawn.
"""

from __future__ import annotations

import asyncio
from typing import Any

import ipywidgets


def player(slider: Any, seconds: float = 0.4, what: str = "frames") -> ipywidgets.ToggleButton:
    """Return a toggle button: pressed, it walks `slider` to its end (from the start, if it is there), then lets go."""
    button = ipywidgets.ToggleButton(
        description="▶ play", tooltip=f"let the {what} run", layout=ipywidgets.Layout(width="8em")
    )

    async def walk() -> None:
        if slider.value == slider.max:
            slider.value = slider.min
        while button.value and slider.value < slider.max:
            await asyncio.sleep(seconds)
            if button.value:
                slider.value += 1
        button.value = False

    def pressed(change: Any) -> None:
        button.description = "❚❚ pause" if change["new"] else "▶ play"
        if change["new"]:
            button.walking = asyncio.ensure_future(walk())  # kept, or it might be collected on its way

    button.observe(pressed, "value")
    return button
