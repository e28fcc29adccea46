"""What the workbench's reduced models and closed forms answer to the standard problems, in place of micromagnetics.

`REDUCED` has a function a problem, whose first line states the model. Each takes its constants from the problem's
script and returns the problem's columns, NaN where it has no answer. Nothing is fitted but the edge's force on a
skyrmion, to the three lowest currents of the native engine's solution.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import constants, optimize

from geometries import HeavyMetal, MagnetArray, Material
from geometries.magnet_logic.magnets import Magnet
from geometries.materials import GAMMA0
from runs.protocols.magnet_logic.magnet_tensors import magnet_tensors
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls import follow_wall, wall_from_material
from solitons.domain_walls.pinning import TabulatedPinning
from solitons.domain_walls.stray_field import stripe_factors, wall_factors
from solitons.junctions import Macrospin, axial_fokker_planck
from solitons.magnet_logic import CoupledMacrospins
from solitons.magnet_logic.driven import follow_ramps
from solitons.oscillators import follow_oscillators, of_macrospin
from solitons.problems.problem import load_problem
from solitons.skyrmions import EdgeForce, ThieleDynamics, expulsion_of
from solitons.skyrmions.simulation import follow_tracks

__all__ = ["REDUCED", "script_of"]

Floats = npt.NDArray[np.float64]
Columns = dict[str, npt.NDArray[Any]]


@functools.cache
def script_of(name: str) -> ModuleType:
    """Load the script of a standard problem as a module.

    Examples
    --------
    >>> float(script_of("wall-under-pulses").MS)
    600000.0
    """
    path = load_problem(name).folder / "script.py"
    spec = importlib.util.spec_from_file_location(f"problem_{name.replace('-', '_')}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _columns(name: str, *values: Any) -> Columns:
    return dict(zip(load_problem(name).columns, [np.ravel(each) for each in values], strict=True))


def wall_under_pulses() -> Columns:
    r"""Position and angle of a rigid wall, from the material and the stray field of the stripe, its ends and its cells.

    Its width is the one of least energy in the stripe. The longer domain pushes it with M_s [T(q) - T(L - q)], where
    T(a) is the demagnetising factor between the wall and what an end at the distance a cuts off. For a film much
    thinner than its width w, with :math:`R = \sqrt{a^2 + w^2}`,

    .. math:: T(a) = \int_a^\infty \frac{t}{4 \pi w} \iint \frac{dy\, dy'}{(s^2 + (y - y')^2)^{3/2}}\, ds
        = \frac{t}{2 \pi w} \left[\frac{R}{a} - 1 - \ln \frac{a + R}{2 a}\right].
    """
    name = "wall-under-pulses"
    script, cell = script_of(name), load_problem(name).cell
    length, stripe_width, thickness = script.LENGTH, script.WIDTH, script.THICKNESS
    # u is as of a current of full polarisation.
    film = Material(name="film", Ms=script.MS, A=script.A, Ku=script.KU, alpha=script.ALPHA, P=1.0, beta=script.BETA)
    width, _ = _bloch_wall(film, thickness, stripe_width, cell)

    def beyond(a: Floats) -> Floats:
        ratio = np.hypot(a, stripe_width) / a
        return np.asarray(thickness / (2 * np.pi * stripe_width) * (ratio - 1 - np.log((1 + ratio) / 2)))

    q = np.linspace(width, length - width, 201)
    ends = TabulatedPinning(q[0], q[-1], script.MS * (beyond(q) - beyond(length - q)))
    wall = wall_from_material(
        film, polarity=-1, thickness=thickness, stripe_width=stripe_width, pinning=ends, width=width, cell=cell
    )
    edges = np.repeat(np.arange(len(script.PULSES) + 1) * 1e-9, 2)[1:-1]
    current = PiecewiseLinear(tuple(edges), tuple(np.repeat(script.PULSES, 2) / float(wall.drift_per_current)))
    times = np.arange(len(script.PULSES) * script.SAMPLES + 1) * 1e-9 / script.SAMPLES
    m = script.stripe(cell).m.orientation.array.mean(axis=(0, 1, 2))
    path = follow_wall(wall, times, current, position=script.START, angle=float(np.arctan2(m[1], m[0])))
    return _columns(name, times[1:] * 1e9, path.position[1:] * 1e9, np.degrees(path.angle[1:]))


def _bloch_wall(film: Material, thickness: float, stripe_width: float, cell: float) -> tuple[float, float]:
    """Width in m and energy in J/m2 of the Bloch wall of least energy, 2 [A / width + width (K + mu0 Ms^2 n / 2)]."""

    def energy(width: float) -> float:
        shape = wall_factors(width, thickness, stripe_width, cell)
        anisotropy = film.Ku + constants.mu_0 * film.Ms**2 / 2 * (shape.n_y + shape.n_z)
        return float(2 * (film.A / width + width * anisotropy))

    bounds = (film.wall_width / 2, 2 * film.wall_width)
    found = optimize.minimize_scalar(energy, bounds=bounds, method="bounded", options={"xatol": 1e-13})
    return float(found.x), float(found.fun)


def wall_depinning() -> Columns:
    r"""Closed form of Heistracher et al. for the bars; a rigid wall in a stripe of changing width for the notch.

    The closed form (J. Magn. Magn. Mater. 548, 168875 (2022)), 1 being the soft half and 2 the hard one, is

    .. math:: H = \frac{2 K_2}{\mu_0 M_2} \, \frac{1 - \epsilon_K \epsilon_A}{(1 + \sqrt{\epsilon_M \epsilon_A})^2},
        \qquad \epsilon_X = X_1 / X_2.

    A wall of the profile tanh at q, of the energy :math:`\sigma` per area, has in a stripe of the width w(x) the energy
    :math:`\sigma t \bar w(q)` with the mean :math:`\bar w` over its sech squared. A field does the work
    :math:`2 \mu_0 M_s H t \bar w` per length, exactly so for this profile. Both balance up to

    .. math:: \mu_0 H = \frac{\sigma}{2 M_s} \max_q \frac{d \ln \bar w}{dq}.
    """
    name = "wall-depinning"
    script, fields = script_of(name), []
    for case in script.CASES:
        share = {each: script.SOFT[each] / script.HARD[each] if each in case else 1.0 for each in "akj"}
        strength = 2 * script.HARD["k"] / script.HARD["j"] * script.MU0
        bar = strength * (1 - share["k"] * share["a"]) / (1 + np.sqrt(share["j"] * share["a"])) ** 2
        fields.append(_notch_field(script, load_problem(name).cell) if case == "notch" else bar)
    return _columns(name, list(script.CASES), 1e3 * np.array(fields))


def _notch_field(script: ModuleType, edge: float) -> float:
    """Field mu0 H in T that pulls a rigid wall out of the notches."""
    cell = script.STRIPE_CELL * edge
    system, _ = script.notched(cell)
    terms, saturation = system.energy, float(system.m.norm.array.max())
    film = Material(name="film", Ms=saturation, A=terms.exchange.A, Ku=terms.uniaxialanisotropy.K, alpha=1.0)
    width, energy = _bloch_wall(film, script.THICKNESS, script.WIDTH, cell)
    q = np.linspace(0, 2 * script.NOTCH, 4001)
    near, far = (np.tanh((script.NOTCH / 2 + sign * q) / width) for sign in (-1, 1))
    mean = script.WIDTH - script.DEPTH * (near + far)
    slope = script.DEPTH / width * (far**2 - near**2)
    return float(energy / (2 * saturation) * np.abs(slope / mean).max())


def skyrmion_expulsion() -> Columns:
    """Thiele's equation with tensors in closed form; the edge's force is fitted to the three lowest currents.

    The profile is tan(theta / 2) = sinh(R / w) / sinh(r / w) with w = pi D / 4 K and R = pi D sqrt(A / (16 A K^2 - pi^2
    D^2 K)) of X. S. Wang, H. Y. Yuan and X. R. Wang, Commun. Phys. 1, 31 (2018). The force's strength and decay follow
    from the native engine's solution up to 1.25e11 A/m2; the larger currents are predicted.
    """
    name = "skyrmion-expulsion"
    script = script_of(name)
    times = np.arange(script.SAMPLES + 1) * script.PULSE / script.SAMPLES
    seen = load_problem(name).solution("native")[["x (nm)", "y (nm)"]].to_numpy() * 1e-9
    fitted = seen.reshape(len(script.DENSITIES), script.SAMPLES, 2)[:3]
    waves = [PiecewiseLinear((0.0,), (density,)) for density in script.DENSITIES]
    start = (script.START, script.WIDTH / 2)

    def left(vector: Floats) -> Floats:
        paths = follow_tracks(_skyrmion(script, vector), times, waves[:3], positions=start)
        return np.asarray(paths[:, 1:, 0] - fitted).ravel() * 1e9

    found = optimize.least_squares(left, (0.0, 0.0))
    skyrmion = _skyrmion(script, found.x)
    paths = follow_tracks(skyrmion, times, waves, positions=start)[:, :, 0]
    limit = expulsion_of(skyrmion, waves[-1], script.PULSE, start)
    if limit is not None:
        paths = np.swapaxes(limit.let_go(np.swapaxes(paths, 0, 1), (0.0, script.WIDTH)), 0, 1)
    density, time = np.meshgrid(script.DENSITIES, times[1:] * 1e9, indexing="ij")
    x, y = np.moveaxis(paths[:, 1:] * 1e9, -1, 0)
    return _columns(name, density, time, x, y, np.isfinite(x).astype(int))


def _skyrmion(script: ModuleType, vector: Floats) -> ThieleDynamics:
    """Thiele's equation, by logarithms: of an edge's force at R over 1 pN, and of its decay over the wall's width."""
    film = Material(name="film", Ms=script.MS, A=script.A, alpha=script.ALPHA, spin_hall_angle=script.SPIN_HALL_ANGLE)
    a, k, d = script.A, script.KU, script.D
    wall, radius = np.pi * d / (4 * k), np.pi * d * np.sqrt(a / (16 * a * k**2 - (np.pi * d) ** 2 * k))
    r = np.linspace(0, radius + 12 * wall, 4001)[1:]
    theta = 2 * np.arctan2(np.sinh(radius / wall), np.sinh(r / wall))
    slope = np.gradient(theta, r)
    dissipation = np.pi * np.trapezoid(slope**2 * r + np.sin(theta) ** 2 / r, r)
    spin_orbit = -np.pi * np.trapezoid(slope * r + np.sin(theta) * np.cos(theta), r)
    damping_like, _ = HeavyMetal(name="metal").spin_orbit_fields(film, script.THICKNESS)
    force = EdgeForce(0.0, script.WIDTH, 1e-12 * np.exp(vector[0]), radius, wall * np.exp(vector[1]))
    return ThieleDynamics(
        4 * np.pi, dissipation * np.eye(2), alpha=film.alpha, moment_per_area=film.Ms * script.THICKNESS,
        damping_like_per_current=damping_like, spin_orbit=spin_orbit * np.eye(3)[[1, 0]] * [[1], [-1]], force=force,
    )  # fmt: skip


def junction_switching() -> Columns:
    """The Fokker-Planck equation of an axial macrospin, under heat alone from m_z = 1 on and then under the current.

    The probability of m_z < 0 times the number of layers is what `switched` counts in the mean.
    """
    name = "junction-switching"
    script = script_of(name)
    layer = Macrospin(
        volume=script.SIDE**2 * script.THICKNESS, thickness=script.THICKNESS, saturation=script.MS,
        anisotropy=script.K, damping=script.ALPHA, temperature=script.TEMPERATURE, polariser=(0, 0, -1),
        polarisation=script.POLARISATION,
    )  # fmt: skip
    resting = axial_fokker_planck(layer)
    start = resting.evolve(np.eye(len(resting.z))[0], [script.REST])[0]
    times = np.arange(1, script.FRAMES + 1) * script.PULSE / script.FRAMES
    driven = [axial_fokker_planck(layer, density) for density in script.DENSITIES]
    trials = script.TRIALS**2 - 1
    switched = trials * np.array([1 - each.share_above(each.evolve(start, times)) for each in driven])
    density, time = np.meshgrid(script.DENSITIES, times * 1e9, indexing="ij")
    return _columns(name, density, time, switched, np.full(density.shape, trials))


def oscillator_locking() -> Columns:
    """An axial macrospin as power and phase of an oscillator, exactly, followed in the turning field from its start."""
    name = "oscillator-locking"
    script = script_of(name)
    # Its volume counts with heat alone.
    moment = Macrospin(
        volume=1e-24, thickness=script.THICKNESS, saturation=script.MS, damping=script.ALPHA, temperature=0.0,
        anisotropy=-constants.mu_0 * script.MS**2 / 2, field=(0, 0, script.APPLIED), polariser=(0, 0, -1),
        polarisation=script.POLARISATION,
    )  # fmt: skip
    field, density = (each.ravel() for each in np.meshgrid(script.ROTATING, script.DENSITIES, indexing="ij"))
    first = script.oscillators().m.orientation.array[0, 0, 0]
    start = np.full(field.shape, np.sqrt((1 - first[2]) / 2), dtype=complex)
    samples = 2 * round(script.SPAN / 0.1e-9)
    run = follow_oscillators(
        of_macrospin(moment), start, density, 2 * script.SPAN, field=field, field_frequency=script.FREQUENCY,
        samples=samples,
    )  # fmt: skip
    times = run.t.values[samples // 2 :]
    lag = np.angle(run.values[:, samples // 2 :] * np.exp(-2j * np.pi * script.FREQUENCY * times))
    beat = np.polyfit(times, np.unwrap(lag, axis=1).T, 1)[0] / (2 * np.pi)
    return _columns(name, field, density, beat / 1e6, (np.abs(beat) < 1e6).astype(int))


def _macrospins(script: ModuleType, labels: npt.NDArray[np.int64], cell: float) -> CoupledMacrospins:
    """Magnets that `labels` (nx, ny) numbers from 1 on, as macrospins in each other's stray fields."""
    film = Material(name="film", Ms=script.MS, A=script.A, alpha=script.ALPHA)
    # An array of one magnet has the mesh: two of the ice touch at a corner, which arrays refuse.
    whole = Magnet(
        name="whole", x=0.0, y=0.0, length=max(labels.shape) * cell, width=min(labels.shape) * cell,
        shape="rectangle", angle=0.0 if labels.shape[0] > labels.shape[1] else np.pi / 2,
    )  # fmt: skip
    array = MagnetArray(magnets=(whole,), thickness=script.THICKNESS, cell=(cell, cell, script.THICKNESS), margin=0.0)
    moment = constants.mu_0 * film.Ms * np.prod(array.cell) * np.bincount(labels.ravel())[1:]
    response = magnet_tensors(array, labels[:, :, None], film)
    return CoupledMacrospins(moment, response, damping=film.alpha, temperature=0.0)


def spin_ice_loop() -> Columns:
    """Twelve macrospins in each other's stray fields, averaged over their cells, under the steps of the field."""
    name = "spin-ice-loop"
    script, cell = script_of(name), load_problem(name).cell
    system, number = script.ice(cell)
    spins = _macrospins(script, number + 1, cell)
    islands = np.arange(spins.magnets)
    start = np.array([system.m.orientation.array[number == island][0, 0] for island in islands])
    against = [-np.cos(script.DIRECTION), -np.sin(script.DIRECTION), 0.0]
    held = np.repeat(np.outer(script.FIELDS, against), 2, axis=0)
    durations = np.tile([script.DWELL, 1e-3 * script.DWELL], len(script.FIELDS))[:-1]
    path = follow_ramps(spins, start[None], durations, held, seed=0).m.values[0, ::2]
    down = path[:, islands, np.abs(start).argmax(axis=1)] < 0
    fields = np.where(down.any(axis=0), script.FIELDS[down.argmax(axis=0)], np.nan)
    return _columns(name, islands, fields / 1e3)


def majority_gate() -> Columns:
    """Five macrospins in each other's stray fields, averaged over their cells, under the clock's field."""
    name = "majority-gate"
    script, cell = script_of(name), load_problem(name).cell
    system, boxes = script.gate(cell, (1,) * len(script.INPUTS))
    labels = np.zeros(tuple(system.m.mesh.n[:2]), dtype=np.int64)
    for k, box in enumerate(boxes.values(), start=1):
        labels[box] = k
    spins = _macrospins(script, labels, cell)
    held = np.array([each in script.INPUTS for each in script.PLACES])
    rows = np.array(list(itertools.product((-1, 1), repeat=len(script.INPUTS))))
    # A quarter of a cosine in straight lines, and what is left after it.
    shares = np.linspace(0, 1, 41)
    clock = np.append(script.CLOCK * np.cos(np.pi / 2 * shares), 0.0)
    durations = np.append(np.diff(shares) * script.RAMP, script.REST)
    found = []
    for inputs in rows:
        start, fields = np.tile([1.0, 0.0, 0.0], (len(boxes), 1)), np.zeros((len(clock), len(boxes), 3))
        start[held] = np.outer(inputs, [0.0, 1.0, 0.0])
        fields[:, :, 0] = clock[:, None]
        fields[:, held, 1] = script.BIAS * inputs
        found.append(follow_ramps(spins, start[None], durations, fields, seed=0).m.values[0, -1, :, 1])
    m_y = dict(zip(script.PLACES, np.transpose(found), strict=True))
    return _columns(name, *rows.T, m_y["centre"], m_y["output"])


def waveguide_dispersion() -> Columns:
    r"""Kalinikos and Slavin's lowest mode in a guide of finite width, the same all over its cross-section.

    .. math:: (1 + \alpha^2)\, \omega^2 = \gamma_0^2 (H + h + M_s N_{yy}) (H + h + M_s N_{zz}), \qquad
        h = \frac{2 A k^2}{\mu_0 M_s},

    with a wave's demagnetising factors, averaged over the cross-section; k^2 as cells have it. The guide is endless.
    """
    name = "waveguide-dispersion"
    script, cell = script_of(name), load_problem(name).cell
    k = script.WAVENUMBERS
    _, across, up = stripe_factors(k, script.THICKNESS, script.WIDTH)
    rate = 2 / cell * np.sin(k * cell / 2)
    alike = script.APPLIED + 2 * script.A / (constants.mu_0 * script.MS) * rate**2
    stiff = (alike + script.MS * across) * (alike + script.MS * up)
    omega = GAMMA0 * np.sqrt(stiff / (1 + script.ALPHA**2))
    return _columns(name, k / 1e6, omega / (2 * np.pi * 1e9))


REDUCED: dict[str, Callable[[], Columns]] = {
    "wall-under-pulses": wall_under_pulses,
    "wall-depinning": wall_depinning,
    "skyrmion-expulsion": skyrmion_expulsion,
    "junction-switching": junction_switching,
    "oscillator-locking": oscillator_locking,
    "spin-ice-loop": spin_ice_loop,
    "majority-gate": majority_gate,
    "waveguide-dispersion": waveguide_dispersion,
}
