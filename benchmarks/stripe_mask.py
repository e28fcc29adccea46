"""How fast a stripe is rasterised: whole arrays, beside a Python call for every cell.

    python benchmarks/stripe_mask.py

A stripe of 2,000 x 500 cells with notches and a taper; the call for every cell is timed on a
hundredth of them and scaled.
"""

import time

import numpy as np

from geometries import PeriodicNotches, Stripe, Taper


def main():
    stripe = Stripe(
        length=4e-6,
        width=1e-6,
        thickness=1e-9,
        cell=(2e-9, 2e-9, 1e-9),
        taper=Taper(ratio=0.6),
        notches=[PeriodicNotches(first=200e-9, period=400e-9, count=10, depth=40e-9, width=80e-9, shape="round")],
    )
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        mask = stripe.mask()
        seconds.append(time.perf_counter() - started)
    whole = min(seconds)

    x, y, _ = stripe.cell_centres()
    started = time.perf_counter()
    calls = 0
    for each_x in x[::20]:
        for each_y in y[::5]:
            lower = 0.2e-6 * each_x / 4e-6
            calls += bool(lower < each_y < 1e-6 - lower)
    per_cell = (time.perf_counter() - started) / (len(x[::20]) * len(y[::5])) * mask.size

    print(f"{mask.shape[0]} x {mask.shape[1]} cells, {np.mean(mask):.1%} of them magnet")
    print(f"whole arrays       {whole * 1e3:8.1f} ms")
    print(f"a call for each    {per_cell * 1e3:8.1f} ms for the taper alone")
    print(f"ratio              {per_cell / whole:8.1f}")


if __name__ == "__main__":
    main()
