"""One stack of layers as a memory, a memristor, a stochastic and a harmonic oscillator, by its size and its current.

Figure 1 of the review of J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016). A free layer of
2 nm, a barrier, and a fixed layer that leans a little out of the plane; all currents pass through the barrier. Pillars
are followed as one moment at 300 K, a stripe with a domain wall by micromagnetics at 0 K. It takes half a minute.

    python one_stack.py --picture stack.png
"""

import argparse

import numpy as np
import xarray as xr
from scipy import constants

from analysis import dwell_times, thiele_width, walls
from geometries import Material, Pillar, Stripe
from runs import CurrentPulses, Protocol, RunSpec, simulate
from solitons.junctions import fokker_planck_rates, follow_macrospins, pillar_junction

FILM = Material(name="iron boron", Ms=1e6, A=2e-11, Ku=0.42e6, easy_axis=(0, 0, 1), alpha=0.05)
FIXED, RESISTANCE_AREA, TMR = np.array([1, 0, 0.2]) / np.sqrt(1.04), 3e-12, 1.0
POLARISATION = np.sqrt(TMR / (2 + TMR))  # Julliere
THICKNESS, CELL = 2e-9, (4e-9, 4e-9, 2e-9)


def conductance(m, area):
    """In S, of directions (..., 3), or of means over the layer."""
    along = np.asarray(m) @ FIXED
    return area / RESISTANCE_AREA * ((1 + along) + (1 - along) / (1 + TMR)) / 2


def torque_rate(current):
    """The part along z of the torque of a current density in A/m2, in 1/s: gamma0 b epsilon p_z."""
    b = constants.hbar * current / (constants.mu_0 * constants.e * THICKNESS * FILM.Ms)
    return FILM.gamma0 * b * POLARISATION / 2 * FIXED[2]


def followed(length, width, current, duration, field=0.0):
    """A pillar of this size under currents at equal times: its moment, times in s, and conductances in S."""
    barrier = {"resistance_area": RESISTANCE_AREA, "tmr": TMR}
    device = Pillar(
        length=length, width=width, thickness=THICKNESS, cell=CELL, fixed_layer=tuple(FIXED), barrier=barrier
    )
    moment = pillar_junction(device, FILM, temperature=300.0, field=(0.0, 0.0, field))
    drive = {"current_density": current[None], "samples": current.size}
    path = follow_macrospins(moment, [[1, 0.05, 0.1]], duration, seed=1, **drive)
    return moment, path.t.values, conductance(path.m[0], device.area)


def memory():
    """Pulses of 10 ns write an ellipse both ways."""
    current = 0.2e12 * np.tile(np.repeat([-1.0, 0.0, 1.0, 0.0], 50), 3)
    moment, t, g = followed(120e-9, 48e-9, current, 120e-9)
    print(
        f"memory, 120 nm x 48 nm: {moment.stability:.0f} kT; {moment.critical_current():.2g} A/m2 at 0 K; pulses leave "
        + ", ".join(f"{each * 1e3:.2f}" for each in g[99::100])
        + " mS"
    )
    return t / 1e-9, g * 1e3, "time (ns)", "memory, 120 nm x 48 nm"


def memristor():
    """Four pulses of 1 ns one way and four back move a wall under a junction of 1.2 um x 48 nm, at 0 K."""
    junction = {"kind": "through_plane", "name": "junction", "polariser": tuple(FIXED), "polarisation": POLARISATION}
    stripe = Stripe(
        length=1200e-9,
        width=48e-9,
        thickness=THICKNESS,
        cell=CELL,
        walls=[{"position": 400e-9, "kind": "transverse"}],
        # The charges of both ends attract the wall's.
        pinned_ends={"length": 100e-9, "field": "20 mT/mu0"},
        terminals=[junction],
    )
    pulses = {"amplitude": 2e10, "width": 1e-9, "period": 2e-9, "count": 4}
    steps = [CurrentPulses(polarity=each, **pulses) for each in ("positive", "negative")]
    run = simulate(RunSpec(device=stripe, material=FILM, protocol=Protocol(steps=steps), engine="native"))
    g = conductance(np.stack([run.mx, run.my, run.mz], axis=-1), 1200e-9 * 48e-9)
    charge = np.concatenate([[0], np.cumsum(run.current_density.values[1:] * np.diff(run.t))]) * 1200e-9 * 48e-9
    found = walls(run)
    way = np.abs(np.diff(found.position.isel(wall=0).values[::40])).mean()
    # Thiele's equation. The torque turns all moments of the wall alike about the normal, and they make half a turn: its
    # force is pi / 2 that of a field b epsilon p_z. (A. V. Khvalkovskiy et al., PRL 102, 067206 (2009): it moves.)
    width = float(np.nanmedian(thiele_width(run, found)))
    closed = np.pi / 2 * width * torque_rate(pulses["amplitude"]) / FILM.alpha * pulses["width"]
    print(
        f"memristor, 1200 nm x 48 nm: a pulse of {np.ptp(charge) / 4:.2g} C moves the wall by {way / 1e-9:.1f} nm; "
        f"{closed / 1e-9:.1f} nm by theory"
    )
    return charge / 1e-12, g * 1e3, "charge (pC)", "memristor, 1200 nm x 48 nm"


def stochastic_oscillator():
    """Heat flips an ellipse of which the barrier is low."""
    moment, t, g = followed(60e-9, 52e-9, np.zeros(40_000), 40e-6)
    middle, half = (g.max() + g.min()) / 2, (g.max() - g.min()) / 2
    flips = dwell_times(xr.DataArray((g - middle) / half, {"t": t}, "t")).sizes["dwell"] - 1
    rates = fokker_planck_rates(moment, 1e9).rates(0.0)
    print(
        f"stochastic oscillator, 60 nm x 52 nm: {moment.stability:.1f} kT; {flips} flips in 40 us without a current; "
        f"{40e-6 * 2 / (1 / rates[0] + 1 / rates[1]):.0f} by theory"
    )
    return t[:4000] / 1e-6, g[:4000] * 1e3, "time (us)", "stochastic oscillator, 60 nm x 52 nm"


def harmonic_oscillator():
    """A direct current keeps the moment of a disc turning about the normal, in a field against it."""
    current = 0.3e12
    _, t, g = followed(48e-9, 48e-9, np.full(20_000, current), 100e-9, field=-1e5)
    later = g[4000:] - g[4000:].mean()
    frequency = np.abs(np.fft.rfft(later)).argmax() / (t[-1] - t[3999])
    # On a circle the current's torque along z and the damping's are opposite.
    closed = torque_rate(current) / (2 * np.pi * FILM.alpha)
    print(f"harmonic oscillator, 48 nm: {frequency / 1e9:.2f} GHz; {closed / 1e9:.2f} GHz by theory without heat")
    return t[-1000:] / 1e-9, g[-1000:] * 1e3, "time (ns)", "harmonic oscillator, 48 nm"


def draw(panels, file):
    """Conductance of each device."""
    import matplotlib.pyplot as plt

    # discretisedfield sets a style of its own when it is imported.
    with plt.style.context("default"):
        figure, axes = plt.subplots(2, 2, figsize=(9, 5), layout="constrained")
        for ax, (x, y, label, title) in zip(axes.flat, panels, strict=True):
            ax.plot(x, y, linewidth=1.2)
            ax.set(xlabel=label.replace("us", "µs"), ylabel="conductance (mS)", title=title)
            ax.spines[["top", "right"]].set_visible(False)
        figure.savefig(file, dpi=110)


def main():
    """Print a line for each device."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picture", metavar="FILE", help="draw the four conductances into this file")
    arguments = parser.parse_args()
    panels = [each() for each in (memory, memristor, stochastic_oscillator, harmonic_oscillator)]
    if arguments.picture:
        draw(panels, arguments.picture)
        print(f"Wrote {arguments.picture}")


if __name__ == "__main__":
    main()
