"""Loops and labels of frames: fields from runs and tables, along lines and not."""

import numpy as np
import pytest
import xarray as xr
from matplotlib.text import Text
from PIL import Image
from rows import rows

from analysis import artificial, film, plot_loop, plot_magnetisation
from analysis.applied_fields import applied_fields, field_line, frame_label

TEN_DEGREES = np.array([np.cos(np.radians(10)), np.sin(np.radians(10)), 0.0])
LOOP = np.array([0, 1, 0.5, 0, -0.5, -1, -0.5, 0, 0.5, 1])
FIELDS = np.outer(LOOP, 4e4 * TEN_DEGREES)
MOMENT = np.array([0, 1, 0.9, 0.8, 0.7, -1, -0.9, -0.8, -0.7, 1])


def loop_run(fields=FIELDS, moment=MOMENT):
    """A single domain that turns in field steps."""
    run = artificial.domain_walls(np.full(len(fields), -50e-9), length=64e-9, magnet_width=16e-9)
    m = run.m.values * 0 + (moment[:, None] * TEN_DEGREES)[:, None, None, None]
    m[..., 2] = np.sqrt(1 - moment**2)[:, None, None, None]
    run = run.assign(m=run.m.copy(data=m), **{f"m{axis}": ("t", m[:, 0, 0, 0, i]) for i, axis in enumerate("xyz")})
    run = (
        run.drop_vars(["true_position", "current_density"]).rename(t="step").assign_coords(step=np.arange(len(fields)))
    )
    return run.assign(applied_field=(("step", "vdims"), fields, {"units": "A/m"}))


def test_a_loop_is_drawn_along_its_field():
    ax = plot_loop(loop_run())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("H at 10° to x (kA/m)", "mean m at 10° to x")
    lines = {line.get_label(): line for line in ax.lines}
    rising = np.stack(lines["rising field"].get_data())
    np.testing.assert_allclose(rising[:, :2], [[0, 40], [0, 1]], atol=1e-9)  # the virgin curve
    np.testing.assert_allclose(rising[:, -2], [40, 1], atol=1e-9)
    falling = np.stack(lines["falling field"].get_data())
    np.testing.assert_allclose(falling[:, 0], [40, 1], atol=1e-9)
    assert {round(x) for x in falling[0][np.isfinite(falling[0])]} == {40, 20, 0, -20, -40}
    np.testing.assert_allclose(np.ravel(lines["first state"].get_data()), [0, 0], atol=1e-9)


def test_a_jump_to_the_largest_field_is_no_branch():
    fine = np.concatenate([[0.0], np.linspace(1, -1, 9), np.linspace(-0.75, 1, 8)])
    moment = np.where(np.arange(fine.size) < 8, 0.9, -0.9)
    ax = plot_loop(loop_run(np.outer(fine, 4e4 * TEN_DEGREES), moment))
    rising = np.stack({line.get_label(): line for line in ax.lines}["rising field"].get_data())
    np.testing.assert_allclose(rising[0][:2], [-40, -30], atol=1e-9)


def test_a_loop_of_a_hysteresis_drivers_table_is_the_same():
    run = loop_run()
    tesla = run.applied_field.values * 4e-7 * np.pi
    table = run.drop_vars(["applied_field", "mx", "my", "mz"]).assign(
        {f"B{axis}_hysteresis": ("step", 1e3 * tesla[:, i], {"units": "mT"}) for i, axis in enumerate("xyz")}
    )
    np.testing.assert_allclose(applied_fields(table, "step"), run.applied_field, rtol=1e-9)
    for one, other in zip(plot_loop(run).lines[2:], plot_loop(table).lines[2:], strict=True):
        np.testing.assert_allclose(one.get_xydata(), other.get_xydata(), atol=1e-6)


@rows(
    ("change", "options", "message"),
    [
        (lambda run: run.drop_vars("applied_field"), {}, "run has no field; a loop needs applied_field"),
        (lambda run: run.assign(applied_field=run.applied_field * 0), {}, "no field in any frame; give the direction"),
        (lambda run: run.drop_vars(["m", "mx"]), {}, "neither mx, my and mz nor m"),
        (lambda run: run, {"direction": (0, 0, 0)}, "three numbers that are not all 0"),
    ],
)
def test_what_is_no_loop_is_named(change, options, message):
    with pytest.raises(ValueError, match=message):
        plot_loop(change(loop_run()), **options)


def test_a_field_that_turns_needs_a_direction():
    angles = np.linspace(0, np.pi, 10)
    run = loop_run(fields=3e4 * np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=-1))
    with pytest.raises(ValueError, match="fields that lie along no common line; give the direction"):
        plot_loop(run)
    ax = plot_loop(run, direction=(2, 0, 0))
    assert ax.get_xlabel() == "H along x (kA/m)"
    assert frame_label(run, "step", run.applied_field.values, 9) == "step 9, H = 30 kA/m along −x"


@rows(
    ("fields", "frame", "label"),
    [
        (FIELDS, 5, "step 5, H = −40 kA/m at 10° to x"),
        (FIELDS, 3, "step 3, H = 0"),
        (np.outer(LOOP, [0, 0, 1e4]), 1, "step 1, H = 10 kA/m along z"),
        (None, 1, "step 1"),
    ],
)
def test_a_frame_is_labelled_with_its_field_and_unit(fields, frame, label):
    assert frame_label(loop_run(), "step", fields, frame) == label


def test_a_frame_in_time_is_labelled_with_its_time():
    run = xr.Dataset(coords={"t": [0.0, 1.25e-9]})
    assert frame_label(run, "t", np.zeros((2, 3)), 1) == "t = 1.25 ns"
    assert frame_label(run, "t", np.array([[0, 0, 0], [0, 0, 5e3]]), 1) == "t = 1.25 ns, H = 5 kA/m along z"


def test_fields_on_a_line_have_it_whatever_their_signs():
    np.testing.assert_allclose(field_line(np.outer([-3, 2], TEN_DEGREES)), TEN_DEGREES)
    assert field_line(np.array([[1.0, 0, 0], [0, 1e-3, 0]])) is None
    assert field_line(np.zeros((3, 3))) is None


def test_field_steps_are_a_film_with_the_field_in_its_title(tmp_path, monkeypatch):
    titles, write = [], Text.set_text
    monkeypatch.setattr(Text, "set_text", lambda text, said: (titles.append(said), write(text, said))[1])
    with Image.open(film(loop_run(), tmp_path / "loop.gif", component="x", every=3)) as image:
        assert image.n_frames == 4
    assert list(dict.fromkeys(each for each in titles if str(each).startswith("step"))) == [
        f"step {step}, H = {field} at 10° to x" if field else f"step {step}, H = 0"
        for step, field in ((0, ""), (3, ""), (6, "−20 kA/m"), (9, "40 kA/m"))
    ]


def test_field_steps_are_drawn_one_below_the_other():
    figure = plot_magnetisation(loop_run(), [1, 5], component="x")
    texts = [ax.texts[0].get_text() for ax in figure.axes[:2]]
    assert texts == ["step 1, H = 40 kA/m at 10° to x", "step 5, H = −40 kA/m at 10° to x"]
