"""Spikes of two terminals: the current that a device between them sees."""

import numpy as np
import pytest

from solitons.drives.spikes import Spike, SpikePair


def test_a_pair_sees_the_sum_where_its_spikes_overlap():
    spike = Spike(amplitude=1e12, width=0.4e-9, rise=0.1e-9, tail=0.5, tail_length=1e-9)
    seen = SpikePair(spike, spike).current(0.5e-9)
    # At 0.7 ns the later pulse, -1, meets the earlier tail, -0.5 (1 - 0.2); at 1.8 ns only the later tail is left.
    assert seen(np.array([0.2e-9, 0.7e-9, 1.5e-9 + 0.25e-9])) / 1e12 == pytest.approx([1.0, -1.4, 0.5 * 0.25])
    # Whichever comes first, the two currents differ by their sign alone.
    other = SpikePair(spike, spike).current(-0.5e-9)
    assert other.times == pytest.approx(seen.times)
    assert np.array(other.values) == pytest.approx(-np.array(seen.values))
    assert not np.any(SpikePair(spike, spike).current(0.0).values)


def test_what_is_no_pulse_is_refused():
    with pytest.raises(ValueError, match="is no pulse; give an amplitude that is not 0"):
        Spike(amplitude=0.0, width=1e-9)
    with pytest.raises(ValueError, match="a rise of at most half of the width"):
        Spike(amplitude=1e12, width=0.1e-9, rise=0.06e-9)
