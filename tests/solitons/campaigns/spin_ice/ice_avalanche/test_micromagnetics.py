"""A lattice that is fitted to micromagnetics predicts micromagnetics. Elsewhere tests take its couplings away."""

import pytest

from solitons.campaigns.framework.workflow import run_campaign
from solitons.campaigns.spin_ice.ice_avalanche.campaign import IceAvalancheCampaign

from .one_square import ONE_SQUARE, campaign


@pytest.mark.slow
def test_a_fitted_lattice_predicts_micromagnetics_that_it_has_not_seen(tmp_path):
    """Twelve islands by the native engine: spins, coercive field and first flip, and better than rigid dipoles."""
    made = campaign()
    device = ONE_SQUARE | {"lattice": ONE_SQUARE["lattice"] | {"columns": 2, "rows": 2, "lattice_constant": "220 nm"}}
    plain = made.model_dump(mode="json") | {"field": {"angle": "225 deg", "field_steps": 40}}
    plain["base"] = {"material": "permalloy", "device": device, "numerics": {"stopping_torque": "1 A/m"}}
    plain["seeds"] = [7]
    plain["fit"] |= {
        "angle_ramp": "auto",
        "ramp": "auto",
        # Nearest neighbours are measured; those further away lie on other meshes, and hardly change the lattice.
        "reach": 160e-9,
        # Two islands exactly alike help each other more than those of a lattice do.
        "pair_seeds": [1],
    }
    summary = run_campaign(IceAvalancheCampaign.model_validate(plain), tmp_path, engine="native")
    (found,) = summary.results.predictions
    assert found.islands == 12
    # Up to four of the twelve turn at once: of a step early or late, the overlap says little.
    assert found.concordance > 0.9
    assert found.flip_field_error < 0.01 < 0.02 < found.dipoles.flip_field_error
    assert abs(found.coercive_field_error) < 0.01
    # It turned somewhere in the step of 500 A/m before; and one island is not the mean of many.
    assert found.predicted_first_flip_field == pytest.approx(found.first_flip_field, rel=0.02)
    # Rigid dipoles turn the islands late.
    assert found.dipoles.coercive_field_error > 0.02
    # An island that reverses from its ends, below the coherent rotation of Stoner and Wohlfarth.
    assert 0.5 < next(each.value for each in summary.results.parameters if each.name == "b") < 1
    # Couplings at rest have the sign of the dipole formula, and near by they are stronger.
    near = summary.results.pairs[0]
    assert 1 < near.coupling / near.dipole_coupling < 2
