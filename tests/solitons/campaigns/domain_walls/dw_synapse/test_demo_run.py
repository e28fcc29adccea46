"""The demo's strongest run: the native engine puts the wall where OOMMF does, at every sample."""

from pathlib import Path

import numpy as np
import pytest

from analysis import walls
from runs import simulate
from solitons.campaigns.framework.kinds import load_campaign

RECORDED = Path(__file__).parent / "data" / "dw_demo_oommf.csv"
CELL = 4e-9


def strongest(engine):
    runs = load_campaign("dw-demo").labelled_runs(engine)
    return next(run.spec for run in runs if getattr(run.role, "values", None) == (1.5e12, 0.3e-9))


def positions(engine):
    run = simulate(strongest(engine))
    return run["t"].values, walls(run)["position"].isel(wall=0).values


@pytest.mark.slow
def test_native_follows_the_recorded_wall_within_a_tenth_of_a_cell():
    time, position = positions("native")
    recorded = np.loadtxt(RECORDED, delimiter=",") * 1e-9
    np.testing.assert_allclose(time, recorded[:, 0], atol=1e-15)
    assert np.ptp(recorded[:, 1]) > 40 * CELL, "the wall hardly moved, so that this compares nothing"
    np.testing.assert_allclose(position, recorded[:, 1], atol=CELL / 10)


@pytest.mark.slow
@pytest.mark.oommf
def test_oommf_still_says_what_was_recorded():
    _, position = positions("oommf")
    np.testing.assert_allclose(position, np.loadtxt(RECORDED, delimiter=",")[:, 1] * 1e-9, atol=CELL / 10)
