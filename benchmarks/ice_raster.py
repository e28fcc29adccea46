"""How fast a spin ice of 1,000 islands is put on cells of 4 nm: windows, beside every cell for every island.

    python benchmarks/ice_raster.py

Square ice of 22 x 22 squares with disorder, small islands (120 nm x 40 nm every 180 nm) and large ones (470 nm x
170 nm every 600 nm). Asking every cell about every island is timed for a few islands and scaled.
"""

import time

import numpy as np

from geometries import SpinIce


def shortest(function, repetitions=5):
    seconds = []
    for _ in range(repetitions):
        started = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def main():
    for length, width, period in ((120e-9, 40e-9, 180e-9), (470e-9, 170e-9, 600e-9)):
        ice = SpinIce(
            lattice={"kind": "square", "columns": 22, "rows": 22, "lattice_constant": period},
            island={"length": length, "width": width},
            thickness=10e-9,
            cell=(4e-9, 4e-9, 10e-9),
            margin=40e-9,
            disorder={"position": 3e-9, "angle": 0.02, "width": 0.05, "seed": 1},
        )
        whole = shortest(ice.labels)
        outlines = ice.placed_islands().outlines
        x, y, _ = ice.cell_centres()
        few = 4

        def ask_every_cell(outlines=outlines, x=x, y=y, few=few):
            for index in range(few):
                outlines.take(np.array([index])).contain(x[:, None], y, 0.0)

        every = shortest(ask_every_cell, 2) / few * outlines.x.size
        print(ice)
        print(f"windows              {whole * 1e3:10.1f} ms, described and labelled from the beginning")
        print(f"every cell           {every * 1e3:10.1f} ms")
        print(f"ratio                {every / whole:10.1f}")


if __name__ == "__main__":
    main()
