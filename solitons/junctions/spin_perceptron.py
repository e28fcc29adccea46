r"""A perceptron of pure spin currents: magnets inject into a channel, and the sum of their spins turns another magnet.

Input i sits :math:`x_i = x_0 + i d` from the output at the end of the channel. Its charge :math:`I_i`, with the sign of
the input and the size of the weight, leaves at the far end, into a pad three diffusion lengths behind the last input.
Into a long channel of :math:`g = \sigma A / \lambda`, by contacts that take no spins back, the torque is that of

.. math:: I_{out} = \mathrm{Re}\left[\frac{2 G_m}{2 G_m + g}\right] \sum_i P I_i e^{-x_i / \lambda}:

injected spins are a Norton current that falls with the distance, and the mixing conductance takes its share, as they
lie across a moment that they turn. Contacts that conduct take :math:`y = G (1 - P^2)` of the spins that pass: in a long
row, a periodic line between two shunts, each input counts :math:`e^{-\kappa}` of the one before (Bloch's condition),

.. math:: \cosh\kappa = \cosh\frac{d}{\lambda} + \frac{y}{2 g} \sinh\frac{d}{\lambda}.

With one current for all, input n decides where the others cancel if :math:`I w_0 e^{-(n - 1) \kappa}` is above the
threshold of the output, where torque :math:`\gamma \hbar I_s / (2 e \mu_0 M_s V)` and damping :math:`\gamma \alpha H_K`
are equal:

.. math:: I_{s,c} = \frac{2 e}{\hbar} \alpha \mu_0 M_s V H_K

(:math:`H_K` is the mean of both axes across it). Heat, stray fields, the time to switch, what pumped spins add to alpha
and the field-like torque (the imaginary part of that share, which acts as a field along the spins) are left out. All of
this is derived here; the scheme: J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016), II-C, for
small structures only; B. Behin-Aein et al., Nat. Nanotechnol. 5, 266 (2010).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import constants

from solitons.energy.electric_paths import ohmic_energy
from solitons.energy.ledger import EnergyLedger, EnergyRow
from solitons.junctions.macrospin import Macrospin
from solitons.junctions.spin_circuit import MagnetContact, SpinChannel, SpinSolution, solve_spin_circuit

__all__ = ["SpinPerceptron", "critical_spin_current", "decision_energies"]

Floats = npt.NDArray[np.float64]

_PAD, _TILT, _MOST = 3.0, 1e-3, 200
"""Diffusion lengths to the pad; rad by which the moment is tilted that feels the torque; inputs."""


def critical_spin_current(spin: Macrospin) -> float:
    """The spin current in A along a moment above which its state is unstable, without heat, field and Im G_m."""
    field = (spin.anisotropy_field + spin.hard_axis_field) / 2
    return float(2 * constants.e / constants.hbar * spin.damping * spin.moment_energy * field)


@dataclass(frozen=True)
class SpinPerceptron:
    """So many inputs on a channel, `spacing` from each other and the nearest `first` from the output, in m.

    ValueError if one of these is out of range.

    Examples
    --------
    >>> copper = SpinChannel(area=5e-15, resistivity=2e-8, diffusion_length=4e-7)
    >>> tunnel = MagnetContact(conductance=1e-3, polarisation=0.4, mixing=1e-3)
    >>> row = SpinPerceptron(copper, tunnel, MagnetContact(1.0, 0.4, 0.6), inputs=3, spacing=1e-7, first=1e-7)
    >>> row.weights().round(3).tolist(), row.closed_weights().round(3).tolist()
    ([0.205, 0.159, 0.124], [0.205, 0.16, 0.124])
    """

    channel: SpinChannel
    input: MagnetContact
    output: MagnetContact
    inputs: int
    spacing: float
    first: float

    def __post_init__(self) -> None:
        if not (isinstance(self.inputs, int | np.integer) and 1 <= self.inputs <= _MOST):
            raise ValueError(f"SpinPerceptron: inputs = {self.inputs} must be an integer from 1 to {_MOST}")
        if not (0 < self.spacing < math.inf and 0 < self.first < math.inf):
            raise ValueError(
                f"SpinPerceptron: spacing = {self.spacing} m and first = {self.first} m must be finite and above 0"
            )

    def solve(self, currents: npt.ArrayLike, direction: npt.ArrayLike = (0.0, 0.0, 1.0)) -> tuple[SpinSolution, Floats]:
        """The circuit under charge currents (..., inputs) in A into magnets along +z.

        With it the spin current (..., 3) in A that the output takes across its direction.
        """
        given = np.asarray(currents, dtype=np.float64)
        if given.shape[-1:] != (self.inputs,):
            raise ValueError(f"SpinPerceptron: currents of the shape {given.shape} for {self.inputs} inputs")
        out = self.output.branch("output", "end", direction)
        m = np.asarray(direction, dtype=np.float64) / np.linalg.norm(direction)
        branches, injected, before, stretch = [out], {}, "end", self.first
        for at in range(self.inputs):
            branches += [self.channel.branch(before, f"at {at}", stretch)]
            branches += [self.input.branch(f"input {at}", f"at {at}", (0, 0, 1))]
            injected[f"input {at}"] = given[..., at, None] * np.array([1.0, 0, 0, 0])
            before, stretch = f"at {at}", self.spacing
        branches += [self.channel.branch(before, "pad", _PAD * self.channel.diffusion_length)]
        found = solve_spin_circuit(branches, {"pad": 0.0}, injected)
        taken = -found.currents(out)[1][..., 1:]
        return found, taken - (taken @ m)[..., None] * m

    def weights(self) -> Floats:
        """Spin current that turns the output for each charge current, (inputs,), of the solved circuit."""
        sine, cosine = math.sin(_TILT), math.cos(_TILT)
        return np.asarray(self.solve(np.eye(self.inputs), (sine, 0.0, cosine))[1] @ (-cosine, 0.0, sine) / sine)

    def closed_weights(self) -> Floats:
        """The same where contacts of inputs take no spins back, in a long channel."""
        distance = self.first + self.spacing * np.arange(self.inputs)
        share = (1 / (1 + self.channel.conductance / (2 * self.output.mixing))).real
        return np.asarray(self.input.polarisation * share * np.exp(-distance / self.channel.diffusion_length))

    @property
    def attenuation(self) -> float:
        """The kappa of a long row: each input counts exp(-kappa) of the one before."""
        x = self.spacing / self.channel.diffusion_length
        return math.acosh(math.cosh(x) + self.input.lost_along / (2 * self.channel.conductance) * math.sinh(x))

    def closed_fan_in(self, current: float, threshold: float) -> int:
        """Inputs that decide, by kappa, of a charge current in A each and the output's threshold in A."""
        nearest = self._loudness(_MOST, 0, current, threshold)
        return 0 if nearest < 1 else 1 + math.floor(math.log(nearest) / self.attenuation)

    def fan_in(self, current: float, threshold: float) -> int:
        """The same by solving rows: the most inputs of which the farthest decides; 200 stands for 200 or more."""
        lengths = range(1, _MOST + 1)
        return bisect_left(lengths, True, key=lambda count: self._loudness(count, -1, current, threshold) < 1)

    def _loudness(self, inputs: int, at: int, current: float, threshold: float) -> float:
        """The spin current of one of so many inputs over the threshold."""
        if not (0 < threshold < math.inf and math.isfinite(current)):
            raise ValueError(
                f"SpinPerceptron: a current of {current} A must be finite, and a threshold of {threshold} A also above "
                "0; see critical_spin_current"
            )
        return abs(current * float(replace(self, inputs=inputs).weights()[at])) / threshold


def decision_energies(
    row: SpinPerceptron, currents: npt.ArrayLike, duration: float, *, pillar: float, polarisation: float, supply: float
) -> EnergyLedger:
    """Energy of a decision by spins, and by charge through junctions as weights in front of a pillar.

    For a duration in s each input of a charge current in A turns the output by as large a spin current in both. The
    pillar (ohm) of the polarisation P takes I_s / P from the supply (V), of one sign; ValueError if that is too low, P
    is not above 0 and at most 1, or the currents are not (inputs,).
    """
    given = np.asarray(currents, dtype=np.float64)
    if not (given.ndim == 1 and 0 < polarisation <= 1):
        raise ValueError(
            f"decision_energies: currents of the shape {given.shape} must have one axis, and polarisation = "
            f"{polarisation} must be above 0 and at most 1; give 0.6, not 60"
        )
    found, _ = row.solve(given)
    joule = sum(float(each * found.at(f"input {at}")[0]) for at, each in enumerate(given)) * duration
    contacts = sum(ohmic_energy(1 / row.input.conductance, float(each), duration) for each in given)
    charge = float(np.abs(given * row.weights()).sum()) / polarisation
    if not charge * pillar < supply:
        raise ValueError(
            f"decision_energies: {charge:.3g} A need {charge * pillar:.3g} V at a pillar of {pillar:g} ohm, and the "
            f"supply has {supply:g} V; give a higher one or a pillar that conducts better"
        )
    heat = ohmic_energy(pillar, charge, duration)
    spins, charges = "spin perceptron", "junctions before a pillar"
    parts = (
        (spins, "device", "contacts", contacts, duration, "I^2 t / G"),
        (spins, "wire", "channel", joule - contacts, 0.0, "I V t less the contacts'"),
        (charges, "device", "pillar", heat, duration, "R I^2 t"),
        (charges, "device", "junctions", supply * charge * duration - heat, 0.0, "V I t less the pillar's"),
    )
    names = ("device", "part", "name", "joule", "second", "source")
    made = (dict(zip(names, part, strict=True)) for part in parts)
    return EnergyLedger(rows=tuple(EnergyRow(operation="decision", origin="derived", **each) for each in made))
