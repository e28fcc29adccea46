"""Sinc pulses: their spectrum, and what is refused."""

import numpy as np
import pytest
from pydantic import ValidationError

from geometries import Waveguide
from runs import Protocol, Rest, StripLineSinc


def test_all_frequencies_up_to_the_cutoff_are_excited_alike():
    steps = [Rest(duration="0.2 ns"), StripLineSinc(amplitude="-2 mA", cutoff="20 GHz", duration="2 ns")]
    wave = Protocol(steps=steps, sampling_interval="0.1 ns").current()
    t = np.arange(22_000) * 1e-13
    pulse = wave(t)
    assert wave.peak == pytest.approx(2e-3)
    assert t[np.abs(pulse).argmax()] == pytest.approx(1.2e-9)
    assert np.all(pulse[t < 0.2e-9] == 0)
    frequency, size = np.fft.rfftfreq(8 * t.size, 1e-13), np.abs(np.fft.rfft(pulse, 8 * t.size)) * 1e-13
    # A sinc of height a has a spectrum of a / 2 f_c; straight lines lower it by 1.3 % at the cutoff.
    assert size[frequency < 18e9] == pytest.approx(2e-3 / 40e9, rel=0.014)
    assert size[(frequency > 22e9) & (frequency < 300e9)].max() < 0.002 * size[0]


def test_a_pulse_without_an_edge_or_at_another_terminal_is_refused():
    with pytest.raises(ValidationError, match=r"2 / cutoff, .* choose 2e-10 s or more"):
        StripLineSinc(amplitude=1e-3, cutoff="20 GHz", duration="0.1 ns")
    metal = Waveguide(**Waveguide.example().model_dump() | {"terminals": [{"kind": "heavy_metal", "name": "metal"}]})
    protocol = Protocol(steps=[StripLineSinc(amplitude=1e-3, cutoff="20 GHz", duration="1 ns")])
    with pytest.raises(ValueError, match="'strip line sinc' gives a current in A, and terminal 'metal'"):
        protocol.check(metal)
