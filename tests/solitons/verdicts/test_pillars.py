"""What speaks against a pillar that reverses as one moment."""

import math

from both_ways import Limit, both_ways, crosses

from geometries import Material, Pillar
from solitons.junctions.pillar_junction import coherent_reversal

OF = ["solitons/junctions/pillar_junction.py"]
FILM = Material(name="film", Ms=6e5, A=1e-11, Ku=5e5, alpha=0.1)
LYING = FILM.model_copy(update={"Ku": 5e4, "easy_axis": (1, 0, 0)})


def reversal(diameter=24e-9, thickness=1e-9, film=FILM, **changes):
    barrier = {"resistance_area": 1e-11, "tmr": 1.0}
    pillar = Pillar(
        length=diameter, thickness=thickness, cell=(2e-9, 2e-9, thickness), fixed_layer="up", barrier=barrier
    )
    return coherent_reversal(pillar, film.model_copy(update=changes))


def judged(**changes):
    return reversal(**changes).verdict


# Both lengths go with the root of A, which demagnetisation leaves alone.
WHOLE, WALL = ((24e-9 / each) ** 2 * FILM.A for each in (reversal().coherent_length, reversal().crossing_length))
TALL = reversal(14e-9, 20e-9)
THICK = FILM.A * (20e-9 / (math.pi * TALL.crossing_length * math.pi / 16)) ** 2


@both_ways(
    Limit("wall_reversal", "limited", {"A": 0.99 * WHOLE}, {"A": 1.01 * WHOLE}),
    Limit("wall_reversal", "failed", {"A": 0.99 * WALL}, {"A": 1.01 * WALL}),
    Limit(
        "thick",
        "limited",
        {"diameter": 14e-9, "thickness": 20e-9, "A": 0.99 * THICK},
        {"diameter": 14e-9, "thickness": 20e-9, "A": 1.01 * THICK},
    ),
    Limit("dmi", "limited", {"D": 1e-6}, {"D": 0.0}),
    Limit("not_perpendicular", "limited", {"film": LYING}, {}),
)
def test_a_limit_of_a_pillar(limit):
    crosses(judged, limit)
