"""What a flip costs in spin ices of a hundred to a million islands, in one hysteresis loop of each.

    python benchmarks/ice_scaling.py [--sizes 7 22 70 223 706] [--reach 3] [--steps 200] [--far-field]

Square ice with closed edges of N by N vertices less one, 2 N (N + 1) islands, 5 % spread of the switching
field, the field at 40 degrees. A loop looks at every island once a step, and at an island's neighbours once a
flip: the first is timed alone, by a loop of the same steps that flips nothing. The first loop of all, which
compiles, does not count.
"""

import argparse
import time

import numpy as np
import xarray as xr

SPACING = 400e-9


def square(size):
    """Centres row by row, so that neighbours are near each other in memory."""
    x, y = (each.reshape(-1) for each in np.meshgrid(np.arange(2 * size + 1), np.arange(2 * size + 1)))
    islands = (x + y) % 2 == 1
    position = SPACING / 2 * np.stack((x[islands], y[islands]), axis=1)
    upright = x[islands] % 2 == 0
    count = len(position)
    return xr.Dataset(
        {
            "position": (("island", "component"), position),
            "axis": (("island", "component"), np.stack((~upright, upright), axis=1).astype(float)),
            "volume": ("island", np.full(count, 220e-9 * 80e-9 * 20e-9)),
            "saturation_magnetisation": ("island", np.full(count, 8e5)),
        }
    )


def field_loop(amplitude, steps):
    swing = amplitude * np.cos(np.linspace(0, 2 * np.pi, steps))
    return swing[:, None] * np.array([np.cos(np.deg2rad(40)), np.sin(np.deg2rad(40))])


def main():
    from solitons.spin_ice import (
        FarField,
        SwitchingAstroid,
        dipole_couplings,
        drive_field,
        lattice_model,
    )

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[7, 22, 70, 223, 706])
    parser.add_argument("--reach", type=float, default=3.0, help="cut-off in lattice constants")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--far-field", action="store_true", help="renew the exact far field before every step")
    chosen = parser.parse_args()
    cell, warm = SPACING * np.eye(2), True
    print("   islands  neighbours  table s  cut-off error  flips    loop s  us a flip  us a flip less looking")
    for size in [chosen.sizes[0], *chosen.sizes]:
        lattice = square(size)
        count = lattice.sizes["island"]
        begin = time.perf_counter()
        couplings = dipole_couplings(lattice, cut_off=chosen.reach * SPACING * (1 + 1e-9))
        table = time.perf_counter() - begin
        model = lattice_model(
            lattice,
            couplings,
            anisotropy_field=2e5,
            astroid=SwitchingAstroid(b=0.4, beta=1.7, gamma=2.7),
            spread=0.05,
            seed=1,
        )
        start = np.ones(count)
        far = FarField(lattice, cell, beyond=chosen.reach * SPACING * (1 + 1e-9)) if chosen.far_field else None
        seconds = []
        for amplitude in (1.6e5, 1.0):
            field = field_loop(amplitude, chosen.steps)
            begin = time.perf_counter()
            run = drive_field(model, start, field, far_field=far)
            seconds.append(time.perf_counter() - begin)
            if amplitude > 1:
                flips = run.sizes["flip"]
        if warm:
            warm = False
            continue
        whole, near = FarField(lattice, cell).fields(start), couplings.fields(start)
        missing = np.hypot(whole[0] - near[0], whole[1] - near[1])
        error = np.sqrt(np.mean(missing**2) / np.mean(whole[0] ** 2 + whole[1] ** 2))
        loop, looking = seconds
        print(
            f"{count:10d} {len(couplings.neighbour) / count:10.1f} {table:9.2f} {error:13.2%}"
            f" {flips:9d} {loop:8.2f} {loop / flips * 1e6:9.2f} {(loop - looking) / flips * 1e6:9.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
