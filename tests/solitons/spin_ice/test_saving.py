import equinox as eqx
import numpy as np

from solitons import load_model, save_model
from solitons.spin_ice import drive_field

from .conftest import kagome
from .test_field_driven import loop


def test_a_lattice_comes_back_exactly_and_runs(make_model, tmp_path):
    for barrier in (None, 1e-18):
        model = make_model(kagome(3, 3), barrier=barrier)
        back = load_model(save_model(model, tmp_path / "ice.json"))
        assert eqx.tree_equal(model, back, typematch=True)
        field = loop(1.2e5, 20, 20)
        runs = [drive_field(each, np.ones(model.islands), field) for each in (model, back)]
        np.testing.assert_array_equal(runs[0].flip_island, runs[1].flip_island)
        assert runs[0].sizes["flip"] > 0
