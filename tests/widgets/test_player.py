"""The play button walks its slider to the end, stops when it is released, and starts anew from the end."""

import asyncio

import ipywidgets

from dlcourse_utils.widgets.player import player


def seen_while(act, start=0):
    """Press play in a running loop, let `act` do its part, and give all values that the slider has had."""
    slider, values = ipywidgets.IntSlider(value=start, max=4), []
    slider.observe(lambda change: values.append(change["new"]), "value")

    async def run():
        button = player(slider, seconds=0.001)
        button.value = True
        assert button.description.endswith("pause")
        await act(button, slider)
        await asyncio.wait_for(button.walking, 5)
        assert not button.value
        assert button.description.endswith("play")

    asyncio.run(run())
    return values


async def nothing(button, slider):
    pass


async def release_at_two(button, slider):
    while slider.value < 2:
        await asyncio.sleep(0)
    button.value = False


def test_it_walks_to_the_end_and_lets_go():
    assert seen_while(nothing) == [1, 2, 3, 4]


def test_released_it_stops():
    assert seen_while(release_at_two) == [1, 2]


def test_at_the_end_it_starts_anew():
    assert seen_while(nothing, start=4) == [0, 1, 2, 3, 4]
