import numpy as np
import pytest

from solitons.reservoirs import compare_with_inputs
from solitons.reservoirs.comparison import FEATURES
from solitons.reservoirs.read_out import compare_read_outs, paired_difference


@pytest.fixture(scope="module")
def parity():
    """Parity of two bits, beside bits that do not matter, and a system whose states hold the product of the two."""
    bits = np.random.default_rng(0).choice([False, True], (400, 4))
    product = np.where(bits[:, 0] ^ bits[:, 1], 1.0, -1.0)
    states = np.column_stack([product, *np.where(bits, 1.0, -1.0).T])
    return bits, states, (bits[:, 0] ^ bits[:, 1]).astype(int)


@pytest.fixture(scope="module")
def compared(parity):
    bits, states, labels = parity
    noise = np.random.default_rng(1).standard_normal(states.shape)
    return compare_with_inputs(
        [noise, states], bits.astype(float), bits, labels, counts=[2, 50], folds=4, repeats=2, seed=0
    )


def test_every_kind_of_features_is_compared_in_order_and_counts_that_are_not_there_are_left_out(compared):
    found = [(each.features, each.count) for each in compared.compared]
    counts = [[2, 5], [4], [4], [2, 5], [2, 5]]
    assert found == [(name, count) for name, several in zip(FEATURES, counts, strict=True) for count in several]


def test_a_system_that_computes_what_is_asked_is_a_gain_over_what_went_in(compared):
    assert compared.chosen == 1
    fewer, ice, inputs, *_ = compared.compared
    assert ice.accuracy == 1
    assert fewer.gain is ice.gain is None
    assert inputs.accuracy < 0.7
    assert inputs.gain.verdict == "gain"
    assert inputs.gain.mean == pytest.approx(ice.accuracy - inputs.accuracy)
    assert str(inputs.gain).startswith(f"{100 * inputs.gain.mean:+.1f} points, 95 % interval +")


def test_pixels_are_compared_with_all_states_and_random_features_with_as_many(compared):
    accuracy = {(each.features, each.count): each.accuracy for each in compared.compared}
    for each in compared.compared[2:]:
        states = each.count if each.features.startswith("random") else 5
        assert each.gain.mean == pytest.approx(accuracy["states", states] - each.accuracy)


def test_it_is_the_comparison_of_its_read_outs(parity, compared):
    bits, states, labels = parity
    features = {"states": [states], "inputs": [bits.astype(float)]}
    found = compare_read_outs(features, labels, folds=4, repeats=2, seed=0)
    assert compared.compared[2].gain == paired_difference(found, "states", "inputs")
    assert compared.compared[2].spread == pytest.approx(float(found.accuracy.sel(features="inputs").std(ddof=1)))
