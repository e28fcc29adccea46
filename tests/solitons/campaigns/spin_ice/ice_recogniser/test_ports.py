"""The ports of the campaign that ships: the same islands as when each was listed."""

from pathlib import Path

import yaml

import solitons
from geometries import SpinIce

FILE = Path(solitons.__file__).parent / "campaigns" / "spin_ice" / "ice_recogniser" / "campaign.yaml"
# From left to right and from the top: islands next to the points of a grid of 8 x 8.
PIXELS = (
    *(512, 514, 516, 518, 520, 522, 524, 510),
    *(429, 431, 434, 435, 438, 439, 425, 444),
    *(347, 349, 351, 353, 355, 357, 359, 378),
    *(314, 316, 302, 303, 306, 307, 326, 312),
    *(215, 217, 219, 221, 223, 225, 227, 246),
    *(182, 184, 170, 171, 174, 175, 194, 180),
    *(83, 85, 104, 105, 108, 109, 95, 114),
    *(17, 19, 21, 23, 25, 27, 29, 48),
)


def test_the_ports_are_the_recorded_ones_in_their_order():
    text = FILE.read_text()
    sites = SpinIce(**yaml.safe_load(text)["device"]).port_sites()
    assert sites["pixels"] == PIXELS
    assert sites["answers"] == tuple(site for site in range(544) if site not in PIXELS)
    assert len(text.splitlines()) < 60
