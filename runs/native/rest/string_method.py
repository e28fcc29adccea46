"""The way of least energy from one state of rest to another, and the hill on it: the string method.

States in a row, the images, join two states of rest. Each goes downhill, m' = m + h (H - (H . m) m), and after every
step the row is divided evenly again, by distance along it, so that no image slides back into the valleys. At the end
the slope across the row is none: its highest image is a saddle, over which heat takes the magnet with the least energy.
A step is a share of the shortest period that the energy's curvature has; what was gone before goes on (heavy ball),
which brings soft directions to rest in a tenth of the steps.

A row that is straight in its start may stay on a ridge: give starts that break the symmetry, and take the lowest hill.

Source: W. E, W. Ren and E. Vanden-Eijnden, J. Chem. Phys. 126, 164103 (2007).
"""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array

from runs.native.errors import MinimisationError
from runs.native.model import Model, normalise
from runs.native.translate import initial_amplitudes, to_ubermag, translate

__all__ = ["least_energy_path"]

_STEPS = 50
"""Between two looks at the hill."""
_STEP = 1.2
"""Step, in units of the inverse of the largest curvature; below 2 (1 + momentum) it is stable."""
_MOMENTUM = 0.9
_CURVATURE_STEPS = 30
MAX_STEPS = 20_000
TOLERANCE = 2e-4
"""Part by which the hill may change over 50 steps at the end."""


def least_energy_path(
    system: mm.System,
    guess: np.ndarray,
    *,
    tolerance: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
    progress: Callable[[float], Any] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the way of least energy between two states; the system is not changed.

    Parameters
    ----------
    system : micromagneticmodel.System
        With energy; its m and dynamics are not used. Fields that depend on time have their value at t = 0.
    guess : array (images, nx, ny, nz, 3)
        States from which to begin, NaN outside the magnet: five or more, of which the first and the last stay as they
        are and are to be at rest.
    tolerance : float
        Part by which the highest energy above the first state may change over 50 steps.
    max_steps : int
        After which to give up.
    progress : callable, optional
        Called with the part by which the hill last changed.

    Returns
    -------
    m : array (images, nx, ny, nz, 3)
        Unit vectors, NaN outside the magnet, evenly spaced along the way.
    energy : array (images,)
        In J.

    Raises
    ------
    ValueError
        If there are fewer than five images, or their shape is not the mesh's.
    UnsupportedError
        If the system holds something that this engine would have to ignore.
    MinimisationError
        If the hill still changes after `max_steps`; it holds the highest image.

    Examples
    --------
    One moment with two easy directions turns over a hill of K V:

    >>> import discretisedfield as df
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(5e-9, 5e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> system = mm.System(name="particle", m=df.Field(mesh, nvdim=3, value=(0, 0, 1), norm=8e5))
    >>> system.energy = mm.UniaxialAnisotropy(K=1e5, u=(0, 0, 1))
    >>> turned = np.linspace(0, np.pi, 9)
    >>> guess = np.stack([np.sin(turned), 0 * turned, np.cos(turned)], axis=1).reshape(9, 1, 1, 1, 3)
    >>> _, energy = least_energy_path(system, guess)
    >>> round(float((energy.max() - energy[0]) / (1e5 * 125e-27)), 3)
    1.0
    """
    translation = translate(system, dynamics=False, any_temperature=True)
    grid = translation.discretisation
    expected = grid.magnetisation.T.shape
    if len(guess) < 5 or guess.shape[1:] != expected:
        raise ValueError(
            f"least_energy_path: guess has the shape {guess.shape}; give five images or more, each of shape {expected}"
        )
    with jax.enable_x64(True):
        amplitudes = initial_amplitudes(translation.waveforms)
        model = eqx.tree_at(lambda each: each.torques, translation.model, ())
        inside = np.asarray(grid.saturation > 0)
        images = jnp.asarray(np.stack([np.where(inside, each.T, 0.0) for each in guess]))
        images = jax.vmap(normalise)(images)
        step = _STEP / _largest_curvature(model, images[len(guess) // 2], amplitudes)
        moving, before = jnp.zeros_like(images), np.inf
        for _ in range(0, max_steps, _STEPS):
            images, moving, energy = _advance(model, images, moving, amplitudes, step)
            hill = float(energy.max() - energy[0])
            changed = abs(hill - before) / max(hill, 1e-300)
            if progress is not None:
                progress(changed)
            if changed < tolerance:
                break
            before = hill
        else:
            highest = to_ubermag(images[int(energy.argmax())], grid)
            raise MinimisationError(
                f"system {system.name!r}: the hill on the way still changes by {changed:.2g} of itself over {_STEPS} "
                f"steps after {max_steps}; give more images or steps, or a guess that is nearer",
                highest,
            )
        return np.stack([to_ubermag(each, grid) for each in images]), np.asarray(energy)


def _downhill(model: Model, m: Array, amplitudes: Array) -> Array:
    field = model.field(m, amplitudes)
    return model.movable(field - m * jnp.sum(field * m, axis=0))


@eqx.filter_jit
def _largest_curvature(model: Model, m: Array, amplitudes: Array) -> Array:
    """Largest curvature of the energy over mu0 Ms V, in A/m, or more: by power iteration, with what holds moments."""
    along = jnp.abs(jnp.sum(model.field(m, amplitudes) * m, axis=0)).max()

    def turned(direction: Array, _: None) -> tuple[Array, Array]:
        answer = jax.jvp(lambda each: model.field(each, amplitudes), (m,), (direction,))[1]
        size = jnp.sqrt(jnp.sum(answer**2))
        return answer / jnp.where(size > 0, size, 1.0), size

    start = jax.random.normal(jax.random.key(0), m.shape, m.dtype) * (model.saturation > 0)
    _, sizes = jax.lax.scan(turned, start / jnp.sqrt(jnp.sum(start**2)), None, _CURVATURE_STEPS)
    return sizes[-1] + along


@eqx.filter_jit
def _advance(model: Model, images: Array, moving: Array, amplitudes: Array, step: Array) -> tuple[Array, Array, Array]:
    """Images and what they go on with after some steps, and their energies in J."""

    def once(_: int, now: tuple[Array, Array]) -> tuple[Array, Array]:
        images, moving = now
        slope = jax.lax.map(lambda m: _downhill(model, m, amplitudes), images[1:-1])
        moving = moving.at[1:-1].set(_across(images, _MOMENTUM * moving[1:-1] + step * slope))
        return _evenly(jax.vmap(normalise)(images + moving)), moving

    images, moving = jax.lax.fori_loop(0, _STEPS, once, (images, moving))
    return images, moving, jax.lax.map(lambda m: model.energy(m, amplitudes), images)


def _across(images: Array, moving: Array) -> Array:
    """What moves the inner images to the side; along the row it would only pile up, as they are kept apart."""
    along = images[2:] - images[:-2]
    square = jnp.sum(along**2, axis=(1, 2, 3, 4), keepdims=True)
    share = jnp.sum(along * moving, axis=(1, 2, 3, 4), keepdims=True) / jnp.where(square > 0, square, 1.0)
    return moving - share * along


def _evenly(images: Array) -> Array:
    """The same row with its images at equal distances along it."""
    apart = jnp.sqrt(jnp.sum((images[1:] - images[:-1]) ** 2, axis=(1, 2, 3, 4)))
    along = jnp.concatenate([jnp.zeros(1), jnp.cumsum(apart)])
    wanted = jnp.linspace(0.0, along[-1], len(images))
    first = jnp.clip(jnp.searchsorted(along, wanted, side="right") - 1, 0, len(images) - 2)
    share = (wanted - along[first]) / jnp.maximum(along[first + 1] - along[first], 1e-300)
    share = share[:, None, None, None, None]
    between = images[first] * (1 - share) + images[first + 1] * share
    return jax.vmap(normalise)(between.at[0].set(images[0]).at[-1].set(images[-1]))
