r"""The exact statistics of an axially symmetric macrospin: the Fokker-Planck equation in z = cos(theta).

If easy axis, field and polariser share an axis, precession only turns the angle around it, and (W. F. Brown, Phys.
Rev. 130, 1677 (1963))

.. math::

   \partial_t P = \partial_z \left[(1 - z^2)\, D\, (\partial_z P + P\, \partial_z U)\right], \qquad
   D = \frac{\gamma_0 \alpha k_B T}{(1 + \alpha^2) \mu_0 M_s V}, \qquad
   -\partial_z U = \frac{\mu_0 M_s V}{k_B T} \left[H_K z + H + \frac{(\epsilon(z) + \alpha \epsilon') b}{\alpha}
   \right]

A current along the axis acts as a field of its own: with :math:`\Lambda = 1` one that depends on nothing, so that the
barrier is :math:`\Delta (1 - i)^2`, i the current over the critical one.

It is discretised in cells that are even in theta, with the flux between two cells of Scharfetter and Gummel (IEEE
Trans. Electron Devices 16, 64 (1969)): exp(-U) is at rest exactly, and probabilities stay positive. Rates come from
sums of positive numbers only, so that a rate of 1e-20 of the fastest one keeps its digits, and small probabilities are
right in their relative size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import constants
from scipy.linalg import lapack

from solitons.junctions.macrospin import Macrospin

__all__ = ["POLE", "STAGES", "AxialFokkerPlanck", "axial_fokker_planck"]

Floats = npt.NDArray[np.float64]

CELLS = 1000
"""Even in theta. With 1000, rates of barriers up to 60 k T are off by less than 1e-3 (the tests show it)."""

_ITERATIONS = 200
_SETTLED = 1e-13
_NEAR = 1e-6
_DECAYED = 0.02
"""Largest step over the decay time of the slowest mode."""
_FINEST = 0.02
"""First step over the fastest relaxation in the wells."""
_FORGOTTEN = 100.0
"""Times over the decay time of the slowest mode after which nothing is left of a start."""
_DOUBLED_AFTER = 48
"""Steps after which they double, until they are as long as the slowest mode allows."""
# Alexander's L-stable implicit Runge-Kutta method of third order (SIAM J. Numer. Anal. 14, 1006 (1977)) has one pole: a
# step is c1 W + c2 W^2 + c3 W^3 with W = (1 - g h A)^-1, in which nothing cancels that is not of one size.
POLE = 0.43586652150845906
_LINEAR, _SQUARE = (1 - 3 * POLE) / POLE, (1 / 2 - 3 * POLE + 3 * POLE**2) / POLE**2
STAGES = (_SQUARE, -_LINEAR - 2 * _SQUARE, 1 + _LINEAR + _SQUARE)


@dataclass(frozen=True, eq=False)
class AxialFokkerPlanck:
    """The equation of one macrospin under one current, discretised.

    `z` is m along the axis in the middles of the cells, from 1 to -1, and `weights` are the cells' widths; `potential`
    is U with the current's part, the lowest being 0; `exchange` (cells - 1,) is (1 - z^2) D over the distance of two
    neighbours in z, in 1/s; `relaxation` is the rate in 1/s of the fastest drift, gamma0 alpha / (1 + alpha^2) times
    the largest field.
    """

    z: Floats
    weights: Floats
    potential: Floats
    exchange: Floats
    relaxation: float

    @property
    def _log_rest(self) -> Floats:
        found = np.log(self.weights) - self.potential
        return np.asarray(found - np.logaddexp.reduce(found))

    @property
    def _log_flow(self) -> Floats:
        """Logarithm of what flows per difference of P exp(U) between two cells, over exp(-U) summed."""
        # Where U is a straight line between two cells, the flux is exact: 1 / int exp(U) dz.
        within = np.log(self.exchange) + np.log(_bernoulli(np.diff(self.potential))) - self.potential[:-1]
        return np.asarray(within - np.logaddexp.reduce(np.log(self.weights) - self.potential))

    def equilibrium(self) -> Floats:
        """Probability of each cell at rest: Boltzmann's, with the current's part of U."""
        return np.asarray(np.exp(self._log_rest))

    def well(self, state: int) -> Floats:
        """Probability of each cell at rest in one state: z above 0 (1), or below (-1)."""
        rest = self.equilibrium() * (self.z * state > 0)
        return np.asarray(rest / rest.sum())

    def share_above(self, probabilities: npt.ArrayLike, level: float = 0.0) -> Floats:
        """Probability that z is above a level, of probabilities (..., cells)."""
        upper = np.cos(np.linspace(0, np.pi, len(self.z) + 1)[:-1])
        inside = np.clip((upper - level) / self.weights, 0.0, 1.0)
        # At z = 0 the edge of a cell is meant, which rounding may miss.
        inside = np.where(np.abs(inside - np.rint(inside)) < 1e-9, np.rint(inside), inside)
        return np.asarray(np.asarray(probabilities, dtype=np.float64) @ inside)

    def slowest_rate(self) -> float:
        """The lowest eigenvalue above 0 in 1/s: the rate at which the two wells come to equilibrium.

        For two equal wells it is the sum of the rates forth and back, twice the escape rate. It is found by inverse
        iteration of the adjoint equation, which two sums along z solve.
        """
        rate, settled = self._slowest(_SETTLED)
        if not settled:
            raise ValueError(
                f"slowest_rate: no eigenvalue after {_ITERATIONS} iterations, the last {rate:.4g} 1/s; the macrospin "
                "has no slowest mode that is apart from the next"
            )
        return rate

    def _slowest(self, settled: float) -> tuple[float, bool]:
        """The slowest rate as far as the iterations come, and whether the last one changed it by less than asked."""
        log_rest, log_flow = self._log_rest, self._log_flow
        rest = np.exp(log_rest)
        mode, previous = self.z.copy(), 0.0
        for _ in range(_ITERATIONS):
            mode = mode - rest @ mode
            mode /= np.abs(mode).max()
            # What flows between two cells is the sum above as well as that below. One of the two has terms of one sign
            # only, and is it; the other, without its signs, is larger. Rounding cannot tell the sign where it is small.
            with np.errstate(divide="ignore"):
                terms = log_rest + np.log(np.abs(mode))
            from_top = np.logaddexp.accumulate(terms)[:-1]
            from_bottom = np.logaddexp.accumulate(terms[::-1])[::-1][1:]
            gathered = np.minimum(from_top, from_bottom)
            solved = np.concatenate([[0.0], np.cumsum(-np.exp(gathered - log_flow))])
            solved -= rest @ solved
            place = int(np.abs(mode).argmax())
            rate = float(mode[place] / solved[place])
            if abs(rate - previous) <= settled * abs(rate):
                return rate, True
            previous, mode = rate, solved
        return previous, False

    def mean_time(self, start: float, end: float) -> float:
        r"""Mean time in s until z first reaches `end` from `start`.

        A quadrature and no eigenvalue, :math:`\int dz\, e^{U} / ((1 - z^2) D) \int e^{-U}`. From the bottom of one
        well to the other's it is the inverse of the escape rate, for high barriers.
        """
        first, last = (int(np.abs(self.z - each).argmin()) for each in (start, end))
        log_rest, log_flow = self._log_rest, self._log_flow
        if last > first:  # z falls from cell to cell
            behind = np.logaddexp.accumulate(log_rest)[:-1]
            return float(np.exp(behind - log_flow)[first:last].sum())
        behind = np.logaddexp.accumulate(log_rest[::-1])[::-1][1:]
        return float(np.exp(behind - log_flow)[last:first].sum())

    def evolve(self, start: npt.ArrayLike, times: npt.ArrayLike) -> Floats:
        """Follow probabilities (cells,) to times in s, rising from 0; (times, cells).

        The method is implicit, L-stable and of third order, in steps that double as the fast modes decay.
        """
        wanted = np.asarray(times, dtype=np.float64)
        if wanted.ndim != 1 or not wanted.size or wanted[0] < 0 or np.any(np.diff(wanted) < 0):
            raise ValueError("evolve: times must be a list of numbers in s that rise, from 0 or above")
        drop = np.diff(self.potential)
        onwards = self.exchange * _bernoulli(drop) / self.weights[:-1]
        back = self.exchange * _bernoulli(-drop) / self.weights[1:]
        leaving = np.append(onwards, 0.0) + np.insert(back, 0, 0.0)

        def advanced(p: Floats, step: float, steps: int) -> Floats:
            part = POLE * step
            factors = lapack.dgttrf(-part * onwards, 1 + part * leaving, -part * back)[:5]
            for _ in range(steps):
                stage, total = p, 0.0
                for weight in STAGES:
                    stage = lapack.dgttrs(*factors, stage)[0]
                    total = total + weight * stage
                p = np.asarray(total)
            return p

        # Steps need its size only, also where the next mode is as slow.
        slowest, _ = self._slowest(_NEAR)
        longest = _DECAYED / slowest
        length = min(_FINEST / self.relaxation, longest)
        p, now, since = np.array(start, dtype=np.float64), 0.0, 0
        found = []
        for each in wanted:
            if each - now > _FORGOTTEN / slowest:
                p, now = np.sum(p) * self.equilibrium(), each
            while now < each:
                left = max(1, int(np.ceil((each - now) / length * (1 - 1e-9))))
                step = (each - now) / left
                steps = left if length == longest else min(left, _DOUBLED_AFTER - since)
                p = advanced(p, step, steps)
                now = each if steps == left else now + steps * step
                since += steps
                if since >= _DOUBLED_AFTER and length < longest:
                    length, since = min(2 * length, longest), 0
            found.append(p)
        return np.array(found)


def axial_fokker_planck(
    macrospin: Macrospin, current_density: float = 0.0, *, voltage: float = 0.0, cells: int = CELLS
) -> AxialFokkerPlanck:
    """Set up the Fokker-Planck equation of an axially symmetric macrospin.

    Parameters
    ----------
    macrospin : Macrospin
        `axial`, at a temperature.
    current_density : float
        In A/m2.
    voltage : float
        In V, which changes the anisotropy.
    cells : int
        Even in theta; an even number, so that z = 0 is an edge.

    Returns
    -------
    AxialFokkerPlanck
        z is m along `macrospin.axis`.

    Raises
    ------
    ValueError
        If the macrospin is not axial (`sphere_fokker_planck` solves those), at 0 K, or if the number of cells is odd.

    Examples
    --------
    >>> from solitons.junctions import Macrospin
    >>> disc = Macrospin(volume=2e-25, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.1, temperature=300.0)
    >>> equation = axial_fokker_planck(disc)
    >>> round(disc.stability, 2), f"{equation.slowest_rate():.3g} 1/s"
    (9.66, '1.38e+06 1/s')
    """
    if not macrospin.axial:
        raise ValueError(
            "axial_fokker_planck: easy axis, field and polariser of the macrospin do not share one axis of symmetry; "
            "use sphere_fokker_planck, or follow an ensemble"
        )
    if not macrospin.temperature > 0:
        raise ValueError("axial_fokker_planck: at 0 K there is no distribution; give a temperature above 0")
    if cells < 4 or cells % 2:
        raise ValueError(f"axial_fokker_planck: cells = {cells} must be even, and 4 or more")
    edges = np.linspace(0, np.pi, cells + 1)
    middle = (edges[:-1] + edges[1:]) / 2
    z, half = np.cos(middle), np.pi / cells / 2
    # Differences of cosines of near angles, without cancellation.
    weights = 2 * np.sin(middle) * np.sin(half)
    distance = 2 * np.sin(edges[1:-1]) * np.sin(half)
    exchange = macrospin.diffusion * np.sin(edges[1:-1]) ** 2 / distance
    potential, largest = _potential(macrospin, current_density, voltage, z)
    relaxation = macrospin.damping_rate * largest
    return AxialFokkerPlanck(z, weights, potential - potential.min(), exchange, relaxation)


def _potential(macrospin: Macrospin, current_density: float, voltage: float, z: Floats) -> tuple[Floats, float]:
    """U over k T at z, up to a constant, and the largest field along the axis in A/m."""
    axis = macrospin.axis
    turned = float(macrospin.easy_axis @ axis / np.linalg.norm(macrospin.easy_axis)) ** 2
    added = 2 * float(macrospin.anisotropy_per_voltage) * voltage / (constants.mu_0 * float(macrospin.saturation))
    uniaxial = macrospin.anisotropy_field + added * (1.5 * turned - 0.5)
    along = float(macrospin.polariser_direction @ axis)
    torque, damping = float(macrospin.torque_field(current_density)), float(macrospin.damping)
    squared = float(macrospin.asymmetry) ** 2
    constant = float(macrospin.field @ axis) + macrospin.secondary * torque * along
    work = uniaxial * z**2 / 2 + constant * z
    if squared == 1:
        work = work + float(macrospin.efficiency(0.0)) * torque * along / damping * z
    else:
        # The integral of epsilon over z.
        logarithm = np.log1p((squared - 1) / (squared + 1) * along * z) / (squared - 1)
        work = work + float(macrospin.polarisation) * squared * logarithm * torque / damping
    ends = np.abs(torque / damping * macrospin.efficiency(np.array([-1.0, 1.0]))).max()
    largest = abs(uniaxial) + abs(constant) + float(ends)
    return -macrospin.moment_energy / macrospin.thermal_energy * work, largest


def _bernoulli(x: Floats) -> Floats:
    """X / (exp(x) - 1)."""
    small = np.abs(x) < 1e-8
    safe = np.where(small, 1.0, x)
    return np.asarray(np.where(small, 1 - x / 2, safe / np.expm1(safe)))
