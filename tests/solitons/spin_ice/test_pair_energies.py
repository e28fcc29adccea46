import pytest
from hypothesis import given
from hypothesis import strategies as st

from solitons.spin_ice.pair_energies import pair_coupling


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_four_energies_give_the_coupling(offset, first, second, coupling):
    energies = [[offset + first * s + second * t + coupling * s * t for t in (1, -1)] for s in (1, -1)]
    found, odd = pair_coupling(energies)
    assert found == pytest.approx(coupling, abs=1e-12)
    assert odd == pytest.approx(max(abs(first), abs(second)), abs=1e-12)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"give finite ones over \(\.\.\., 2, 2\)"):
        pair_coupling([1.0, 2.0])
