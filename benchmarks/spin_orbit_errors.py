"""How often a spin-orbit clock is wrong at room temperature: micromagnetics beside macrospins, by likelihood.

    python benchmarks/spin_orbit_errors.py STORE [ensembles]

Two round magnets over one metal with the sizes of `SPIN_ORBIT`; the input, harder, points up, and the current is
switched off at once. The native engine runs ensembles of 32, which are stored one by one. An output is wrong if it is
on the wrong side 3 ns later. Nothing is fitted to these runs but the length of a magnet's moment, which heat shortens
to m in the cells: then Ms is m Ms and Ku is m^3 Ku (H. B. Callen and E. Callen, J. Phys. Chem. Solids 27, 1271 (1966),
from memory).
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import stats

from analysis.magnet_logic.moments import magnet_moments
from analysis.statistics.proportions import exact_interval
from geometries import MagnetArray, Material
from geometries.magnet_logic import SPIN_ORBIT, with_hard_inputs, with_heavy_metal
from geometries.magnet_logic.builders import inverter
from runs import Ensemble, Numerics, Protocol, RunSpec, execute, open_run, spin_orbit_pulses
from solitons.magnet_logic import follow_protocol

FILM = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
HARD = 4.5e5
HOLD, SETTLE = 4e-10, 3e-9
TEMPERATURE = 300.0
MEMBERS = 32


def chain(hard: float = HARD) -> MagnetArray:
    """Give the two magnets, without empty cells around them."""
    pair = MagnetArray.model_validate(inverter(1, SPIN_ORBIT).model_dump() | {"margin": 0.0})
    return with_hard_inputs(with_heavy_metal(pair), hard)


def clock(seed: int = 1) -> Protocol:
    """Give the current, switched off at once."""
    made = spin_orbit_pulses(
        chain(), FILM, ramp=1e-12, hold=HOLD, settle=SETTLE, relax=False, temperature=TEMPERATURE,
        sampling_interval=1e-10,
    )  # fmt: skip
    return made.model_copy(update={"seed": seed})


def modelled(film: Material, hard: float, members: int = 20_000) -> np.ndarray:
    """Give the output's projections by macrospins under the same current."""
    run = follow_protocol(chain(hard), film, clock(), members=members, seed=5, longest_ramp=1e-8)
    return run.projection.isel(t=-1).sel(magnet="out").values


def seen(store: str, seed: int) -> tuple[np.ndarray, float]:
    """Give the output's projections in micromagnetics, and how long a moment is after half of the time."""
    spec = RunSpec(
        device=chain(), material=FILM, protocol=clock(seed), engine="native",
        numerics=Numerics(thermal_time_step=1e-13), ensemble=Ensemble(members=MEMBERS, keep="states"),
    )  # fmt: skip
    print(spec.run_id, *[report.in_words for report in execute([spec], store)], flush=True)
    moments = magnet_moments(open_run(spec.run_id, store), spec.device).transpose("t", "member", "magnet", "vdims")
    late = moments.t.values > SETTLE / 2
    length = float(np.linalg.norm(moments.sel(magnet="out").values[late], axis=-1).mean())
    return moments.sel(magnet="out", vdims="z").values[-1], length


def main(store: str, ensembles: int = 4) -> None:
    """Print error rates and their likelihoods."""
    found = [seen(store, seed) for seed in range(1, ensembles + 1)]
    out, length = np.concatenate([each for each, _ in found]), float(np.mean([each for _, each in found]))
    wrong, members = int((out > 0).sum()), len(out)
    low, high = exact_interval(wrong, members)
    print(
        f"micromagnetics: {wrong} of {members} wrong, {wrong / members:.1%} [{low:.1%}, {high:.1%}]; "
        f"{int((np.abs(out) < 0.5).sum())} below 0.5; |m| {length:.4f}"
    )
    short = {"Ms": length * FILM.Ms, "Ku": length**3 * FILM.Ku}
    for name, film, hard in (
        ("macrospins", FILM, HARD),
        ("macrospins as short as heat makes them", FILM.model_copy(update=short), length**3 * HARD),
    ):
        along = modelled(film, hard)
        model = int((along > 0).sum())
        ends = exact_interval(model, len(along))
        loss = stats.binom.logpmf(wrong, members, wrong / members) - stats.binom.logpmf(
            wrong, members, model / len(along)
        )
        p = stats.fisher_exact([[wrong, members - wrong], [model, len(along) - model]]).pvalue
        print(
            f"{name}: {model / len(along):.2%} [{ends[0]:.2%}, {ends[1]:.2%}] of {len(along)}; "
            f"{np.mean(np.abs(along) < 0.5):.1%} below 0.5; loss {loss:.2f}, p = {p:.2g}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], *(int(each) for each in sys.argv[2:3]))
