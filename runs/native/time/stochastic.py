"""One stretch of time integration with a thermal field, and the check of its step."""

import math
from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from runs.native.abstract import dot
from runs.native.model import Model, normalise
from runs.native.terms.thermal import Noise, Sample, ThermalField
from runs.native.time.gaussian_noise import normal
from runs.native.time.integrate import interpolate
from runs.native.time.moving_window import MovingWindow

CHECK_STEPS = 16
"""Steps over which a step is compared with two of half its length."""
LARGEST_DEVIATION = 0.05
"""Root mean square of the difference in m over these steps that `check_step` lets pass."""
LARGEST_BIAS = 0.05
"""Relative error of a mode's temperature that `check_step` lets pass."""
HALVINGS = 10
"""How often `check_step` halves a step that is too long, to say which one is not."""
ITERATIONS = 30
"""Iterations of the search for the fastest mode; it is found to some 5 %."""


class Stretch(eqx.Module):
    """Result of `advance`."""

    m: Array
    """Unit magnetisation at the end, (3, nz, ny, nx)."""
    success: Array
    taken: Array
    """Number of steps: all, or as many as before a moving window has to move."""


@eqx.filter_jit
def advance(
    model: Model,
    noise: Noise,
    m: Array,
    key: Array,
    first: Array,
    steps: Array,
    step: Array,
    tables: Array,
    draws: Array,
    window: MovingWindow | None = None,
) -> Stretch:
    """Take Heun steps of equal length (s), each with its own sample of the thermal field.

    The sample is the same in both stages of a step, so that the scheme converges to the equation in the sense of
    Stratonovich, as a field that fluctuates fast but not infinitely fast does; m has length 1 after every step. Written
    out as a loop because it takes half the time of `diffrax.Heun` with a Brownian path, which evaluates the noise's
    torque beside the others'.

    `m` (3, nz, ny, nx) are unit vectors, `key` is for the random numbers of the whole run, `first` the number of
    steps before these, and `tables` (waveforms, intervals + 1) are the waveforms at equally spaced times from start to
    end. `draws` is the number of samples whose mean acts in a step: 1, or 2 for the path of steps of half the length.
    With a window the steps end with the first one after which it has to move.
    """

    def draw(number: Array) -> Array:
        # Single precision: a step has a thousand times the error of its random numbers' last digit.
        return normal(jax.random.fold_in(key, number), m.shape).astype(m.dtype)

    def heun(index: Array, m: Array) -> Array:
        now, middle, then = (interpolate(tables, (index + part) / steps) for part in (0.0, 0.5, 1.0))
        begin = (first + index) * draws
        total = jax.lax.fori_loop(0, draws, lambda number, total: total + draw(begin + number), jnp.zeros_like(m))
        sample = total / jnp.sqrt(draws.astype(m.dtype)) * noise.deviation(step, middle)
        # XLA would draw the numbers anew wherever they enter.
        sample = jax.lax.optimization_barrier(sample)  # type: ignore[no-untyped-call]
        fluctuating = eqx.tree_at(lambda tree: tree.terms, model, (*model.terms, Sample(sample)))
        rate = fluctuating.derivative(m, now)
        return normalise(m + 0.5 * step * (rate + fluctuating.derivative(m + step * rate, then)))

    if window is None:
        end = jax.lax.fori_loop(0, steps, heun, m)
        return Stretch(end, jnp.all(jnp.isfinite(end)), steps)

    def unfinished(at: tuple[Array, Array, Array]) -> Array:
        taken, _, event = at
        return (taken < steps) & ~event

    def step_in_window(at: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        taken, m, _ = at
        m = heun(taken, m)
        return taken + 1, m, window.event(m)

    start = (jnp.zeros_like(steps), m, jnp.zeros((), bool))
    taken, end, _ = jax.lax.while_loop(unfinished, step_in_window, start)
    return Stretch(end, jnp.all(jnp.isfinite(end)), taken)


NOT_FINITE = "m was not finite; check drives and material for values that are too large"
"""Message on a run whose numbers overflowed."""


def random_key(thermal: ThermalField) -> Array:
    """Return the key of all random numbers of a run."""
    return jax.random.key(thermal.seed, impl="threefry2x32")


def step_problem(model: Model, noise: Noise | None, m: Array, key: Array, step: float, amplitudes: Array) -> str:
    """Return what is wrong with a step in s and what to do, empty if nothing is; see `check_step`."""
    short_enough = step if noise is None else check_step(model, noise, m, key, step, amplitudes)
    if short_enough >= step:
        return ""
    remedy = f"give time_step={short_enough:.2g} or less" if short_enough else "check drives and material"
    return f"the thermal field's step of {step:.3g} s is too long for the noise or for the fastest spin wave; {remedy}"


def is_checked(thermal: ThermalField, *, first: bool, kept: bool) -> bool:
    """Return whether the step is checked before a stretch: the run's first, or one that begins at a kept state."""
    return (first and thermal.check != "never") or (kept and thermal.check == "frames")


def longest_heun_step(pairs: Sequence[tuple[float, float]], thermal: ThermalField) -> float:
    """Return the longest step of a run in s; stretches are cut into equal steps, so that each has its own."""
    return max((stop - start) / steps_in(stop - start, thermal.time_step) for start, stop in pairs)


def steps_in(duration: float, time_step: float) -> int:
    """Return into how many equal steps no longer than `time_step` a stretch is cut, both in s."""
    return max(1, math.ceil(duration / time_step * (1.0 - 1e-9)))


def check_step(model: Model, noise: Noise, m: Array, key: Array, step: float, amplitudes: Array) -> float:
    r"""Return a step in s that is short enough: `step` if it is, else the longest of its halves, quarters, ...

    It is 0 if no step down to a thousandth is short enough. Two things are asked for, drives held. First, `CHECK_STEPS`
    steps from m and twice as many of half the length, along the same path of the noise, must not end further apart than
    `LARGEST_DEVIATION`: the path is resolved and the scheme is stable. Second, no spin wave may be hotter or colder
    than it should by more than `LARGEST_BIAS`. One that turns and decays as exp(-z t / step) with z = (i p + d) w step
    becomes in Heun's scheme a sum of kicks whose variance is

    .. math:: \left| 1 - \tfrac{z}{2} \right|^2 \frac{2 \, \mathrm{Re} z}
        {1 - \left| 1 - z + \tfrac{z^2}{2} \right|^2}

    of what it should be, about 1 + (w step)^3 / (8 alpha): at low damping a path can look right and be too hot. |z| of
    the fastest mode is found by iteration of the linearised equation at m.

    In trials on macrospins (mu0 Ms V H / k_B T of 0.2 to 5, alpha of 0.02 to 1) and on an exchange-coupled cube, steps
    that passed gave means of m and of the energy within 3 %; the error falls with the step. The check costs about a
    hundred steps. It has no bearing on states that the run has not reached. `m` (3, nz, ny, nx) are unit vectors and
    `amplitudes` (waveforms,) the waveforms at this moment.
    """
    tables = jnp.stack([amplitudes, amplitudes], axis=1)
    cells = float(jnp.sum(model.saturation > 0))
    start = jnp.asarray(np.random.default_rng(0).normal(size=m.shape), m.dtype)
    rate = float(fastest_rate(model, m, jnp.where(model.saturation > 0, start, 0.0), amplitudes))

    def run(parts: int, trial: float) -> Stretch:
        steps, draws = jnp.asarray(parts * CHECK_STEPS), jnp.asarray(2 // parts)
        return advance(model, noise, m, key, jnp.asarray(0), steps, jnp.asarray(trial / parts), tables, draws)

    for halvings in range(HALVINGS + 1):
        trial = step * 0.5**halvings
        if temperature_bias(noise, rate * trial) > LARGEST_BIAS:
            continue
        coarse, fine = (run(parts, trial) for parts in (1, 2))
        if bool(coarse.success) and float(jnp.sum((coarse.m - fine.m) ** 2)) <= cells * LARGEST_DEVIATION**2:
            return trial
    return 0.0


@eqx.filter_jit
def fastest_rate(model: Model, m: Array, start: Array, amplitudes: Array) -> Array:
    """Return the largest rate in 1/s at which a small change of m changes, looked for from the change `start`."""
    _, change = jax.linearize(lambda m: model.derivative(m, amplitudes), m)

    def iterate(_: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        direction, _ = state
        direction = model.movable(direction - m * dot(m, direction))
        changed = change(direction / jnp.sqrt(jnp.sum(direction**2)))
        return changed, jnp.sqrt(jnp.sum(changed**2))

    rate: Array = jax.lax.fori_loop(0, ITERATIONS, iterate, (start, jnp.zeros((), m.dtype)))[1]
    return rate


def temperature_bias(noise: Noise, turn: float) -> float:
    """Return the largest relative error of the temperature of a mode that changes by `turn` a step.

    See `check_step`; the modes are taken to lie where damping is weakest or strongest.
    """
    angles = np.asarray(noise.angle)[np.asarray(noise.strength) > 0]
    if angles.size == 0 or turn == 0:
        return 0.0
    z = turn * np.exp(1j * np.array([angles.min(), angles.max()]))
    decay = 1.0 - np.abs(1.0 - z + z**2 / 2.0) ** 2
    if np.any(decay <= 0):
        return math.inf
    return float(np.max(np.abs(np.abs(1.0 - z / 2.0) ** 2 * 2.0 * z.real / decay - 1.0)))
