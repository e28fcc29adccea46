"""The reference for fixed steps: one wall, followed by Dopri8 with error control and steps that land on breakpoints."""

import diffrax
import jax
import jax.numpy as jnp
import numpy as np

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.simulation import WallPath


def follow_wall_adaptively(dynamics, times, current_density, field=None, *, position, angle, tilt=0.0, rtol=1e-9):
    """As `follow_wall`; the absolute tolerance of a step is `rtol` times 1 nm and 1 rad."""
    samples = np.asarray(times, dtype=np.float64)
    zero = PiecewiseLinear((0.0,), (0.0,))
    waves = [current_density, *(field or (zero, zero, zero))]
    jumps = np.unique([t for wave in waves for t in wave.times if samples[0] < t < samples[-1]])
    nano = 1e-9  # times in ns and positions in nm, so that one tolerance serves both unknowns

    with jax.enable_x64(True):
        # Divided like `jumps`, to the last bit, so that the two sides of a jump stay apart.
        breakpoints = [(jnp.asarray(np.asarray(wave.times) / nano), jnp.asarray(wave.values)) for wave in waves]

        def rates(t, state, _):
            now = [jnp.interp(t, *each) for each in breakpoints]
            velocity, *turning = dynamics.rates(state[0] * nano, state[1], now[0], jnp.stack(now[1:]), tilt=state[2])
            return jnp.stack([velocity, *(rate * nano for rate in turning)])

        solution = diffrax.diffeqsolve(
            diffrax.ODETerm(rates),
            diffrax.Dopri8(),
            t0=samples[0] / nano,
            t1=samples[-1] / nano,
            dt0=None,
            y0=jnp.array([position / nano, angle, tilt]),
            saveat=diffrax.SaveAt(ts=jnp.asarray(samples / nano)),
            stepsize_controller=diffrax.ClipStepSizeController(
                diffrax.PIDController(rtol=rtol, atol=rtol), jump_ts=jnp.asarray(jumps / nano)
            ),
            max_steps=200_000,
        )
        path = np.asarray(solution.ys)
    return WallPath(path[:, 0] * nano, path[:, 1], path[:, 2])
