import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from geometries import Stripe
from solitons.devices import Junction
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls import junction_over


@given(
    position=st.floats(0, 300e-9),
    width=st.floats(1e-9, 30e-9),
    polarity=st.sampled_from([-1, 1]),
    polariser=st.sampled_from([-1, 1]),
)
def test_the_conductance_is_the_integral_over_the_walls_profile(position, width, polarity, polariser):
    junction = Junction(left=50e-9, right=250e-9, parallel=5e-4, antiparallel=2e-4, polariser=polariser)
    mean, _ = quad(lambda x: np.tanh((x * 1e-9 - position) / width), 50, 250, epsabs=1e-10, limit=400)
    cosine = polariser * polarity * mean / 200
    expected = 3.5e-4 + 1.5e-4 * cosine
    with jax.enable_x64(True):
        assert float(junction.conductance(position, polarity, width)) == pytest.approx(expected, rel=1e-7)


@given(st.floats(80e-9, 220e-9), st.sampled_from([-1, 1]), st.sampled_from([-1, 1]))
def test_position_for_undoes_conductance_well_inside(position, polarity, polariser):
    junction = Junction(left=50e-9, right=250e-9, parallel=5e-4, antiparallel=2e-4, polariser=polariser)
    conductance = junction.conductance(position, polarity, 2e-9)
    assert float(junction.position_for(conductance, polarity)) == pytest.approx(position, abs=0.02e-9)


def test_the_junction_of_a_stripe():
    stripe = Stripe(
        length=300e-9,
        width=40e-9,
        thickness=1e-9,
        cell=(5e-9, 5e-9, 1e-9),
        walls=[{"position": 100e-9}],
        readout_window={"x": (50e-9, 250e-9)},
    )
    straight = junction_over(stripe, JunctionReadOut(resistance_area=1e-11, tmr=1.0))
    assert float(straight.parallel) == pytest.approx(200e-9 * 40e-9 / 1e-11)
    assert float(straight.antiparallel) == pytest.approx(float(straight.parallel) / 2)
    tilted = junction_over(stripe, JunctionReadOut(resistance_area=1e-11, tmr=1.0, polariser=(0, 3, -4)))
    middle = float(straight.parallel + straight.antiparallel) / 2
    assert float(tilted.parallel) - middle == pytest.approx(0.8 * (float(straight.parallel) - middle))
    assert float(tilted.polariser) == -1
    with pytest.raises(ValueError, match="no part along z"):
        junction_over(stripe, JunctionReadOut(resistance_area=1e-11, tmr=1.0, polariser=(1, 0, 0)))
    with pytest.raises(ValueError, match="readout_window"):
        junction_over(
            stripe.model_copy(update={"readout_window": None}), JunctionReadOut(resistance_area=1e-11, tmr=1.0)
        )


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"right": 10e-9}, "not beyond left"), ({"antiparallel": 6e-4}, "larger than antiparallel")],
)
def test_a_junction_that_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Junction(**({"left": 50e-9, "right": 250e-9, "parallel": 5e-4, "antiparallel": 2e-4} | changes))
