"""Frames of a GAN: the two measures against their definitions, and a widget that walks."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from dlcourse_utils.errors import CourseError
from dlcourse_utils.widgets.gan_stepper import GanFrames, draw_frame, gan_stepper

RNG = np.random.default_rng(0)
REAL = RNG.normal(size=(60, 2))
SAMPLES = [RNG.normal(size=(40, 2)) * s + 1 for s in (0.1, 0.5, 0.9)]
EXTENT = (-3.0, 3.0, -2.0, 4.0)


def surface():
    """A probability that grows with x only, from 0 at −3 to 1 at 3."""
    return np.tile(np.linspace(0, 1, 13), (9, 1))


@pytest.fixture
def frames():
    return GanFrames([0, 50, 100], SAMPLES, REAL, [surface()] * 3, EXTENT)


def test_the_distance_is_the_energy_distance(frames):
    for samples, distance in zip(SAMPLES, frames.distances, strict=True):
        want = 2 * cdist(samples, REAL).mean() - cdist(samples, samples).mean() - cdist(REAL, REAL).mean()
        assert distance == pytest.approx(want)
    assert GanFrames([0], [REAL], REAL).distances[0] == pytest.approx(0, abs=1e-12)


def test_coverage_is_the_share_of_real_balls_with_a_sample_in_them(frames):
    reach = NearestNeighbors(n_neighbors=6).fit(REAL).kneighbors(REAL)[0][:, 5]
    for samples, coverage in zip(SAMPLES, frames.coverage, strict=True):
        assert coverage == np.mean([(cdist([r], samples) <= d).any() for r, d in zip(REAL, reach, strict=True)])
    collapsed = GanFrames([0], [np.tile(REAL[:1], (40, 1))], REAL)
    assert collapsed.coverage[0] < 0.3 < GanFrames([0], [REAL[::2]], REAL).coverage[0]


def test_the_sentence_reads_the_surface_at_the_points(frames):
    probability = np.round((SAMPLES[2][:, 0] + 3) / 0.5).clip(0, 12) / 12
    assert f"the average sample {probability.mean():.0%}" in frames.sentence(2)
    assert frames.sentence(2).startswith("Step 100, frame 3 of 3: ")


def test_the_picture_holds_points_surface_and_place(frames):
    plane, upper, lower, _ = draw_frame(frames, 1).axes
    real, fake = plane.lines
    np.testing.assert_array_equal(real.get_xydata(), REAL)
    np.testing.assert_array_equal(fake.get_xydata(), SAMPLES[1])
    assert (*plane.get_xlim(), *plane.get_ylim()) == EXTENT
    for ax, values in ((upper, frames.distances), (lower, frames.coverage)):
        assert ax.lines[-1].get_xydata().tolist() == [[50, values[1]]]
        assert ax.get_title()


def test_samples_of_the_same_noise_show_their_way():
    frames = GanFrames([0, 1, 2], SAMPLES, REAL, fixed_noise=True)
    way = draw_frame(frames, 2).axes[0].lines[1 + 7]
    np.testing.assert_array_equal(way.get_xydata(), [SAMPLES[1][7], SAMPLES[2][7]])


def test_the_widget_walks(frames):
    widget = gan_stepper(frames)
    before = widget.view.value
    widget.controls["frame"].value = 2
    assert widget.words == frames.sentence(2)
    assert widget.view.value != before
    widget.state = {"frame": 0}
    assert widget.view.value == before


def test_what_broke_down_is_said_and_drawn():
    frames = GanFrames([0, 1], [SAMPLES[0], SAMPLES[0] * np.nan], REAL)
    assert "not finite" in frames.sentence(1)
    assert draw_frame(frames, 1).axes[0].get_title() == "Step 1"


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: GanFrames([], [], REAL), "no frames yet"),
        (lambda: GanFrames([0, 1], SAMPLES, REAL), "2 steps, but 3 sets"),
        (lambda: GanFrames([0], [REAL[:, :1]], REAL), r"shape \(60, 1\)"),
        (lambda: GanFrames([0], [["a"]], REAL), "should be numbers"),
        (lambda: GanFrames([0], [REAL], REAL, [surface()]), "need extent"),
        (lambda: GanFrames([0], [REAL], REAL, [surface()] * 2, EXTENT), "2 surfaces"),
        (lambda: GanFrames([0, 1], [REAL, REAL[1:]], REAL, fixed_noise=True), "same number"),
        (lambda: gan_stepper([REAL]), "takes GanFrames"),
    ],
)
def test_what_does_not_fit_is_a_sentence(build, words):
    with pytest.raises(CourseError, match=words):
        build()
