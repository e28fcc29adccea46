from functools import partial

import numpy as np
import pytest

from analysis import artificial, tunnel_junction, walls
from analysis.schema import check_junction, check_pulses, check_run, check_walls, frame_dimension


@pytest.fixture
def run():
    return artificial.domain_walls([100e-9, 110e-9])


def without_units(run):
    run["x"].attrs.clear()
    return run


def too_long(run):
    run["m"] = run["m"] * 6e5
    return run


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda run: run.drop_vars("m"), "not 'm'; add it with the dimensions"),
        (lambda run: run.drop_vars("z"), "not 'z'"),
        (lambda run: run.transpose("x", "t", ...), "run.m has the dimensions .* transpose"),
        (lambda run: run.isel(t=0), "run.t has the dimensions"),
        (without_units, "run.x has units None; they must be 'm'"),
        (lambda run: run.isel(t=[1, 0]), "run.t does not rise everywhere; sort"),
        (lambda run: run.isel(x=[0, 1, 3]), "cells must be of one size"),
        (lambda run: run.isel(vdims=[2, 1, 0]), "run.vdims is .* must be"),
        (lambda run: run.isel(x=slice(0, 0)), "run.x is empty"),
        (lambda run: run.assign(m=run.m * np.nan), "NaN in every cell"),
        (lambda run: run.assign(m=run.m.astype(int)), "dtype int64; it must be float"),
        (too_long, "vector of length 600000 .* divide by the saturation magnetisation"),
        (lambda run: run.assign(mx=run.m), "run.mx has the dimensions"),
    ],
)
def test_bad_run_is_named(run, spoil, match):
    with pytest.raises(ValueError, match=match):
        check_run(spoil(run))


def test_complete_run_has_columns_and_attributes(run):
    check_run(run.drop_vars(["energy", "mx"]))
    with pytest.raises(ValueError, match="not 'energy'"):
        check_run(run.drop_vars("energy"), complete=True)
    with pytest.raises(ValueError, match="not 'run_id'"):
        check_run(run.drop_attrs(deep=False), complete=True)


def in_field_steps(run):
    """The same states as if they were at rest in two fields."""
    steps = run.rename(t="step").drop_vars(["current_density", "true_position"])
    return steps.assign_coords(step=np.arange(2))


def test_field_steps_are_a_run_without_time(run):
    steps = in_field_steps(run)
    check_run(steps, complete=True)
    assert frame_dimension(steps) == frame_dimension(steps.m) == "step"
    assert frame_dimension(run) == "t"
    with pytest.raises(ValueError, match=r"run\.step has the dtype float64; it must be int"):
        check_run(steps.assign_coords(step=[0.0, 1.0]))
    with pytest.raises(ValueError, match=r"run\.step does not rise"):
        check_run(steps.isel(step=[1, 0]))
    with pytest.raises(ValueError, match="dimensions t and step; frames lie along one"):
        check_run(steps.expand_dims(t=[0.0]))


@pytest.mark.parametrize("observe", [walls, partial(tunnel_junction, window=(0, 1e-7), tmr=1.0, resistance_area=1e-11)])
def test_what_is_followed_in_time_says_so(run, observe):
    with pytest.raises(ValueError, match="run has field steps, at rest each; this needs a run in time"):
        observe(in_field_steps(run))


def test_other_type_is_named(run):
    with pytest.raises(TypeError, match=r"run is a DataArray; give an xarray\.Dataset"):
        check_run(run.m)


def test_only_the_first_frame_of_a_lazy_run_is_read(run):
    read = []

    def note(block, block_info=None):
        read.append(block_info[0]["array-location"][0])
        return block

    lazy = run.m.chunk({"t": 1}).data.map_blocks(note, dtype=float, meta=np.empty((0,) * 5))
    check_run(run.assign(m=run.m.copy(data=lazy)))
    assert read == [(0, 1)]


def test_observables(run):
    found = walls(run)
    check_walls(found)
    with pytest.raises(ValueError, match=r"walls\.position has units 'nm'"):
        check_walls(found.assign(position=found.position.assign_attrs(units="nm")))
    with pytest.raises(ValueError, match=r"walls.polarity has the values \[0\]"):
        check_walls(found.assign(polarity=found.polarity * 0))
    junction = tunnel_junction(run, (0.0, 200e-9), resistance_area=1e-11, tmr=1.0)
    check_junction(junction)
    with pytest.raises(ValueError, match="conductance falls to"):
        check_junction(junction.assign(conductance=(-junction.conductance).assign_attrs(units="S")))
    with pytest.raises(ValueError, match="not 'start'"):
        check_pulses(junction)
