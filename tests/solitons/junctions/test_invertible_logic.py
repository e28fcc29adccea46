import numpy as np
import pytest

from solitons.junctions import PBit, SwitchingRates, exact_distribution, multiplier, sample_states

BIT = PBit(SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10))


@pytest.mark.parametrize("bits", [(1, 1), (2, 1), (2, 2), (3, 2)])
def test_the_lowest_states_are_the_products(bits):
    circuit = multiplier(*bits)
    shares = exact_distribution(circuit.couplings, circuit.biases, strength=5.0)
    lowest = np.flatnonzero(shares > 0.5 * shares.max())
    assert len(lowest) == 2 ** sum(bits)
    seen = set()
    for state in lowest:
        of = [
            sum((int(state) >> (len(circuit.biases) - 1 - bit) & 1) << place for place, bit in enumerate(part))
            for part in (circuit.first, circuit.second, circuit.product)
        ]
        assert of[0] * of[1] == of[2]
        seen.add(tuple(of[:2]))
    assert len(seen) == len(lowest)


@pytest.mark.parametrize(
    ("bits", "product", "pairs"), [((2, 2), 6, {(2, 3), (3, 2)}), ((2, 2), 9, {(3, 3)}), ((3, 2), 15, {(5, 3)})]
)
def test_with_the_product_held_the_likeliest_factors_are_right(bits, product, pairs):
    circuit = multiplier(*bits)
    held = circuit.hold_product(product)
    table = circuit.factor_table(exact_distribution(circuit.couplings, circuit.biases, strength=1.0, held=held))
    assert table.sum() == pytest.approx(1)
    assert {divmod(int(each), table.shape[1]) for each in np.argsort(-table.ravel())[: len(pairs)]} == pairs
    assert sum(table[pair] for pair in pairs) > 0.9


def test_junctions_factor_six_with_boltzmanns_odds():
    circuit = multiplier(2, 2)
    held = circuit.hold_product(6)
    exact = circuit.factor_table(
        exact_distribution(circuit.couplings, circuit.biases, strength=0.5, held=held, bit=BIT)
    )
    boltzmann = circuit.factor_table(exact_distribution(circuit.couplings, circuit.biases, strength=0.5, held=held))
    # A junction's curve is not quite a tanh, and the gates are so weak here that all pairs are seen.
    assert np.abs(exact - boltzmann).sum() / 2 < 0.01
    chains, sweeps = 300, 150
    found = circuit.factor_table(
        sample_states(BIT, circuit.couplings, circuit.biases, sweeps, seed=7, strength=0.5, held=held, chains=chains)
    )
    # States of a chain hang together for some 15 sweeps.
    np.testing.assert_array_less(
        np.abs(found - exact), 4 * np.sqrt(exact * (1 - exact) / (chains * sweeps / 15)) + 1e-3
    )


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: multiplier(0, 2), "first_bits = 0 must be between 1 and 4"),
        (lambda: multiplier(2, 2).hold_product(16), "product = 16 must be between 0 and 15"),
    ],
)
def test_what_is_no_multiplier_is_refused(made, said):
    with pytest.raises(ValueError, match=said):
        made()
