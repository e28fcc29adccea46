"""Design the current pulse that puts a domain wall at a wanted place, by the derivative of where it ends.

A perpendicular stripe with a Bloch wall at 80 nm; a Zhang-Li current pulse of a given strength pushes
it and 0.3 ns later it is at rest. How long must the pulse be? Newton's method with the derivative from
`runs.native.gradient`, which differentiates the micromagnetic run itself:

    python pulse_design.py --target 120e-9
"""

import argparse

import discretisedfield as df
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array

import runs.native as nc

LENGTH, WIDTH, THICKNESS, CELL = 256e-9, 16e-9, 1e-9, 4e-9
START = 80e-9
REST = 0.3e-9


def stripe() -> df.Field:
    """The stripe with its wall at rest; m points down on the left."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(LENGTH, WIDTH, THICKNESS), cell=(CELL, CELL, THICKNESS))
    x = (mesh.cells.x - START) / 6e-9
    wall = np.stack([0 * x, 1 / np.cosh(x), np.tanh(x)], axis=-1)[:, None, None, :]
    system = mm.System(name="stripe", energy=energy(), m=df.Field(mesh, nvdim=3, value=1.0 * wall, norm=6e5))
    nc.MinDriver().drive(system, save=False, verbose=0)
    return system.m


def energy() -> mm.Energy:
    """A film with perpendicular anisotropy."""
    return mm.Exchange(A=1.2e-11) + mm.UniaxialAnisotropy(K=5e5, u=(0, 0, 1)) + mm.Demag()


def position(m: Array) -> Array:
    """Where the wall is, in m: the length of the part that points down."""
    return LENGTH * (1 - jnp.mean(m[..., 2])) / 2


def main() -> None:
    """Print the pulse's width at every step of the search, and where the wall ends."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=float, default=120e-9, metavar="X", help="where the wall shall rest, in m")
    parser.add_argument("--drift", type=float, default=100.0, metavar="U", help="spin-drift velocity in m/s")
    arguments = parser.parse_args()
    start = stripe()

    def pushed(width: float) -> mm.System:
        pulse = nc.PiecewiseLinear((0, 0, width, width), (0, 1, 1, 0))
        dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.1)
        dynamics += mm.ZhangLi(u=arguments.drift, beta=0.1, func=pulse)
        return mm.System(name="stripe", energy=energy(), dynamics=dynamics, m=start)

    width = (arguments.target - START) / arguments.drift
    for _ in range(10):
        place, slope = nc.gradient(position, pushed, {"width": width}, duration=width + REST)
        print(f"a pulse of {width * 1e9:.4f} ns puts the wall at {place * 1e9:.3f} nm")
        if abs(place - arguments.target) < 0.01e-9:
            return
        width += (arguments.target - place) / slope["width"]
    raise SystemExit(f"no pulse found for x={arguments.target:g} m; is it on the stripe, in the current's direction?")


if __name__ == "__main__":
    main()
