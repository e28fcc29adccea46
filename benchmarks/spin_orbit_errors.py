"""How often a spin-orbit clock is wrong at room temperature: micromagnetics beside macrospins, by likelihood.

    python benchmarks/spin_orbit_errors.py STORE [members [settle in ns]]

Two round magnets over one metal with the sizes of `SPIN_ORBIT`; the input, harder, points up, and the current is
switched off at once. The native engine runs in batches that an interruption keeps. Nothing is fitted to these runs but
the length of a magnet's moment, which heat shortens to m in the cells: then Ms is m Ms and Ku is m^3 Ku (H. B. Callen
and E. Callen, J. Phys. Chem. Solids 27, 1271 (1966), from memory).
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import stats

from analysis import magnet_moments, truth_table
from geometries import MagnetArray, Material
from geometries.magnet_array import SPIN_ORBIT, inverter, with_hard_inputs, with_heavy_metal
from runs import Ensemble, Numerics, Protocol, RunSpec, execute, open_run, spin_orbit_pulses
from solitons.magnet_logic import follow_protocol

FILM = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
HARD = 4.5e5
HOLD = 5e-10
TEMPERATURE = 300.0


def chain(hard: float = HARD) -> MagnetArray:
    """Give the two magnets, without empty cells around them."""
    pair = MagnetArray.model_validate(inverter(1, SPIN_ORBIT).model_dump() | {"margin": 0.0})
    return with_hard_inputs(with_heavy_metal(pair), hard)


def clock(settle: float, density: float | None = None) -> Protocol:
    """Give the current, switched off at once."""
    made = spin_orbit_pulses(
        chain(), FILM, density, ramp=1e-12, hold=HOLD, settle=settle, relax=False, temperature=TEMPERATURE,
        sampling_interval=1e-10,
    )  # fmt: skip
    return made.model_copy(update={"seed": 1})


def modelled(film: Material, hard: float, settle: float, members: int = 20_000) -> np.ndarray:
    """Give the output's projections by macrospins under the same current."""
    density = clock(settle).steps[0].amplitude
    run = follow_protocol(chain(hard), film, clock(settle, density), members=members, seed=5, longest_ramp=1e-8)
    return run.projection.isel(t=-1).sel(magnet="out").values


def main(store: str, members: int = 128, settle: float = 4e-9) -> None:
    """Print error rates and their likelihoods."""
    spec = RunSpec(
        device=chain(), material=FILM, protocol=clock(settle), engine="native",
        numerics=Numerics(thermal_time_step=1e-13), ensemble=Ensemble(members=members, keep="states"),
    )  # fmt: skip
    print(spec.run_id, *[report.in_words for report in execute([spec], store)], flush=True)
    moments = magnet_moments(open_run(spec.run_id, store), spec.device)
    out = moments.sel(magnet="out", vdims="z").transpose("member", "t")
    lengths = np.linalg.norm(moments.sel(magnet="out").transpose("t", "member", "vdims").values, axis=-1).mean(axis=1)
    late = float(lengths[out.t.values > settle / 2].mean())
    table = truth_table([out.values[:, -1]], [-1]).isel(row=0)
    errors = int(table.wrong + table.undecided)
    print(
        f"micromagnetics: {errors} of {members}, {int(table.undecided)} undecided: {float(table.error_rate):.1%} "
        f"[{float(table.error_low):.1%}, {float(table.error_high):.1%}]; |m| {late:.4f}"
    )
    short = {"Ms": late * FILM.Ms, "Ku": late**3 * FILM.Ku}
    for name, film, hard in (
        ("macrospins", FILM, HARD),
        ("macrospins as short as heat makes them", FILM.model_copy(update=short), late**3 * HARD),
    ):
        along = modelled(film, hard, settle)
        rows = truth_table([along], [-1]).isel(row=0)
        model = int(rows.wrong + rows.undecided)
        rate = model / len(along)
        loss = stats.binom.logpmf(errors, members, errors / members) - stats.binom.logpmf(errors, members, rate)
        p = stats.fisher_exact([[errors, members - errors], [model, len(along) - model]]).pvalue
        print(
            f"{name}: {rate:.2%} [{float(rows.error_low):.2%}, {float(rows.error_high):.2%}] of {len(along)}, "
            f"{int(rows.undecided)} undecided; loss {loss:.2f}, p = {p:.2g}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], *(int(each) for each in sys.argv[2:3]), *(1e-9 * float(each) for each in sys.argv[3:4]))
