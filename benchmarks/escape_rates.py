"""How often heat turns a macrospin, counted in the thermal Landau-Lifshitz-Gilbert equation, beside Fokker-Planck.

    python benchmarks/escape_rates.py [--barriers 5 8 12 20] [--laps 20000] [--seeds 1 2]

A perpendicular macrospin (damping 0.5) escapes over barriers of 5 to 20 k T. Over 20 k T it escapes once in 1e8
relaxation times, so that the ensemble is a weighted one (G. A. Huber and S. Kim, Biophys. J. 70, 97 (1996)): the walk
from one state to the other is cut into bins of m_z, each bin keeps as many walkers with weights that add up to the
bin's, and who arrives begins again in the first state. In the steady state the weight that arrives in a time is one
over the mean first passage time, whatever the bins. Nothing steers the walkers: `follow_macrospins` moves them.

Printed are the rate over one over the exact mean first passage time, and over half of the lowest eigenvalue (both
directions decay it), with one standard error from blocks of laps and over seeds. CPU seconds are of all of it.
"""

import argparse
import time
from dataclasses import replace

import numpy as np
from scipy.integrate import quad

from solitons.junctions import Macrospin, axial_fokker_planck, follow_macrospins, thermal_states

TARGET = -0.8
BINS = np.linspace(TARGET, 1.0, 31)
WALKERS = 300
LAP = 0.05
"""Of a relaxation time."""
WARM_UP = 600
BLOCKS = 20


def disc(barrier):
    """A disc without stray field whose barrier over k T is given."""
    spin = Macrospin(volume=1e-25, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.5, temperature=300.0)
    return replace(spin, volume=float(spin.volume) * barrier / spin.stability)


def exact_passage(spin):
    """Mean first passage time in s from the state at rest with m_z above 0 to the target."""
    barrier, diffusion = spin.stability, spin.diffusion

    def inside(z):
        return np.exp(-barrier * (1 - z**2))

    total = quad(inside, 0, 1)[0]

    def integrand(y):
        # The walkers begin above 0, spread as at rest: those above y have to pass it, and the others share it below 0.
        above = quad(inside, y, 1)[0]
        begun = 1.0 if y <= 0 else above / total
        return above * begun / inside(y) / (diffusion * (1 - y**2))

    return quad(integrand, TARGET, 0, limit=200)[0] + quad(integrand, 0, 1, limit=200)[0]


def weighted_rate(spin, laps, seed):
    """Rate in 1/s of each block of laps."""
    generator = np.random.default_rng(seed)
    pool = thermal_states(spin, 20_000, seed=seed, state=1)
    lap = LAP / (2 * spin.stability * spin.diffusion)
    m, weight = pool[: WALKERS * 4].copy(), np.full(WALKERS * 4, 1 / (WALKERS * 4))
    arrived = np.zeros(laps)
    for index in range(-WARM_UP, laps):
        m = follow_macrospins(spin, m, lap, seed=int(generator.integers(2**63))).m.values[:, 0]
        there = m[:, 2] < TARGET
        if index >= 0:
            arrived[index] = weight[there].sum()
        m[there] = pool[generator.integers(len(pool), size=int(there.sum()))]
        place = np.clip(np.searchsorted(BINS, m[:, 2]) - 1, 0, len(BINS) - 2)
        kept, weights = [], []
        for each in np.unique(place):
            (members,) = np.nonzero(place == each)
            shares = np.cumsum(weight[members])
            drawn = np.searchsorted(shares / shares[-1], (np.arange(WALKERS) + generator.random()) / WALKERS)
            kept.append(members[np.minimum(drawn, members.size - 1)])
            weights.append(np.full(WALKERS, shares[-1] / WALKERS))
        m, weight = m[np.concatenate(kept)], np.concatenate(weights)
    return arrived.reshape(BLOCKS, -1).mean(axis=1) / lap


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--barriers", type=float, nargs="+", default=[5.0, 8.0, 12.0, 20.0])
    parser.add_argument("--laps", type=int, default=20_000, help=f"a multiple of {BLOCKS}")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    for barrier in options.barriers:
        begin, spin = time.process_time(), disc(barrier)
        blocks = np.concatenate([weighted_rate(spin, options.laps, seed) for seed in options.seeds])
        rate, error = blocks.mean(), blocks.std(ddof=1) / np.sqrt(blocks.size)
        passage, half = 1 / exact_passage(spin), axial_fokker_planck(spin).slowest_rate() / 2
        print(
            f"{barrier:4.0f} k T: {rate:.4g} 1/s; over first passage {rate / passage:.4f}, over eigenvalue / 2 "
            f"{rate / half:.4f}, each +- {error / rate:.4f}; {time.process_time() - begin:.0f} CPU s",
            flush=True,
        )


if __name__ == "__main__":
    main()
