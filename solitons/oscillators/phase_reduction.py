r"""A fitted oscillator as a phase: its line, and how fields of others pull it.

About its orbit the power follows a weak field h at once, one that turns at the lag :math:`\psi = \phi_h - \phi`. What
is left of `AutoOscillator` is an equation of the phase,

.. math:: \dot\phi = 2 \pi f + \frac{F}{\sqrt{p_0}} [\nu \sin\psi - q \cos\psi] = 2 \pi f + K \sin(\psi - \beta),
    \qquad \tan\beta = \frac{q}{\nu}, \quad q = \frac{1 - 2 p_0}{1 - p_0}, \quad F = \frac{\gamma h}{2} \sqrt{1 - p_0}.

Derived here; A. Slavin and V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009) have q = 1 and count the lag, arctan(nu),
from a field a quarter of a period away. A field in phase with the moment that makes it attracts by way of the power:
the larger the nonlinearity, the smaller its lag. Where the frequency falls with the power (nu < 0), it repels; the
opposite field then attracts, with the lag arctan(q / nu), and couplings change their sign. The damping of the
field's own torque, alpha h, is left out: it takes some alpha (1 - 2 p) off the lag.
"""

from __future__ import annotations

import math

from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.injection import weak_half_width
from solitons.oscillators.phase_networks import PhaseOscillator

__all__ = ["phase_of"]


def phase_of(oscillator: AutoOscillator, current_density: float, field: float, temperature: float) -> PhaseOscillator:
    """Reduce a fitted oscillator to its phase.

    Parameters
    ----------
    oscillator : AutoOscillator
        The oscillator.
    current_density : float
        In A/m2.
    field : float
        Size in A/m of the turning field by which the others pull it together, in phase with their moments.
    temperature : float
        In K.

    Raises
    ------
    ValueError
        If it does not oscillate, or coupling or line are not below the rate at which the power returns.

    Examples
    --------
    >>> one = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
    >>> found = phase_of(one, 3e11, 8.0, 0.0)
    >>> print(f"{found.frequency * 1e-9:.2f} GHz, {found.coupling * 1e-6:.2f} MHz, {math.degrees(found.lag):.1f} deg")
    5.91 GHz, 4.94 MHz, -3.3 deg
    """
    power = oscillator.orbit_power(current_density)
    turning = (1 - 2 * power) / (1 - power)
    lag = math.atan2(turning, oscillator.nonlinearity(current_density))
    found = PhaseOscillator(
        frequency=oscillator.frequency_at(current_density),
        linewidth=oscillator.linewidth(current_density, temperature),
        coupling=weak_half_width(oscillator, current_density, field),
        lag=math.remainder(lag, math.pi),
    )
    returning = oscillator.restoring_rate(current_density) / (2 * math.pi)
    for name, value, remedy in (
        ("coupling", found.coupling, "give a weaker field"),
        ("line", found.linewidth, "give a lower temperature"),
    ):
        if value > returning:
            raise ValueError(
                f"phase_of: the {name} of {value:.3g} Hz is above the rate at which the power returns, "
                f"{returning:.3g} Hz at {current_density:.4g} A/m2, so that a phase alone does not describe the "
                f"oscillator; {remedy}, or a current density at which the power returns faster"
            )
    return found
