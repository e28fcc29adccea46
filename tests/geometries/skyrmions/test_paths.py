import numpy as np
import pytest
from rows import rows
from scipy import ndimage

from .tracks import NM, track

CELL = 2 * NM
AREA = CELL**2


def magnet(**fields):
    return track(**fields).mask()[:, :, 0]


def test_straight_is_all_magnet():
    assert magnet().all()
    assert magnet().shape == (100, 40)


@pytest.mark.parametrize(("angle", "sign"), [("90 deg", 1), ("-90 deg", -1), ("45 deg", 1)])
def test_a_bend_has_the_area_of_its_middle_times_its_width(angle, sign):
    device = track(path={"kind": "curved", "lead": "100 nm", "radius": "80 nm", "angle": angle})
    length = 200 * NM + 80 * NM * np.radians(float(angle.split()[0])) * sign
    assert device.mask().sum() * AREA == pytest.approx(length * 80 * NM, rel=0.01)
    # It begins at the left, at the bottom where it turns left and at the top where it turns right.
    begin = np.flatnonzero(device.mask()[0, :, 0]) * CELL
    assert begin.size * CELL == pytest.approx(80 * NM, abs=CELL)
    if angle != "45 deg":
        middle = begin.mean()
        assert (middle < device.extent[1] / 2) == (sign > 0)


def test_a_half_turn_comes_back():
    device = track(path={"kind": "curved", "lead": "100 nm", "radius": "100 nm", "angle": "180 deg"})
    first = device.mask()[0, :, 0]
    pieces, count = ndimage.label(first)
    assert count == 2
    assert (np.bincount(pieces)[1:] == 40).all()
    np.testing.assert_allclose(device.extent[:2], [240 * NM, 280 * NM], atol=1.1 * CELL)


def test_a_fork_is_symmetric_and_in_one_piece():
    found = magnet(path={"kind": "fork", "stem": "100 nm", "branch": "150 nm", "angle": "35 deg"})
    assert (found != found[:, ::-1]).mean() < 0.01
    assert ndimage.label(found)[1] == 1
    assert ndimage.label(found[-10])[1] == 2


def test_chambers_and_channels():
    device = track(
        path={"kind": "chambers", "count": 3, "chamber_length": "60 nm", "channel_length": "20 nm",
              "channel_width": "32 nm"}
    )  # fmt: skip
    rows = device.mask()[:, :, 0].sum(axis=1)
    assert device.shape[0] == 110
    expected = np.where((np.arange(110) % 40) < 30, 40, 16)
    np.testing.assert_array_equal(rows, expected)


def test_notches_follow_the_path():
    bend = {"kind": "curved", "lead": "100 nm", "radius": "80 nm", "angle": "90 deg"}
    middle = 100 * NM + 80 * NM * np.pi / 4
    notch = {"position": middle, "depth": "20 nm", "width": "30 nm", "edge": "top"}
    lost = magnet(path=bend) & ~magnet(path=bend, notches=[notch])
    place = np.argwhere(lost).mean(axis=0) * CELL
    # The left side of the middle of the bend, seen from its centre at (100, 120) nm under 45 degrees.
    inside = np.array([100, 120]) * NM + (80 - 33) * NM * np.array([1, -1]) / np.sqrt(2)
    np.testing.assert_allclose(place, inside, atol=3 * CELL)
    # A triangle along the middle of the track, whose inner side is shorter: by (40 nm + d) / 80 nm at the depth d.
    depth = np.linspace(0, 20, 201)
    area = np.trapezoid(30 * (1 - depth / 20) * (40 + depth) / 80, depth) * NM**2
    assert lost.sum() * AREA == pytest.approx(area, rel=0.1)


def test_roughness_of_a_straight_track_is_that_of_a_stripe():
    from geometries import Stripe

    rough = {"rms": "2 nm", "correlation_length": "20 nm", "seed": 3}
    stripe = Stripe(
        length="200 nm", width="80 nm", thickness="1 nm", cell=("2 nm", "2 nm", "1 nm"), edge_roughness=rough
    )
    np.testing.assert_array_equal(magnet(edge_roughness=rough), stripe.mask()[:, :, 0])
    fork = {"kind": "fork", "stem": "100 nm", "branch": "150 nm", "angle": "35 deg"}
    branches = magnet(path=fork, edge_roughness=rough)
    assert (branches != branches[:, ::-1]).mean() > 0.01  # each arm has edges of its own


@rows(
    ("fields", "words"),
    [
        ({"path": {"kind": "curved", "lead": "100 nm", "radius": "40 nm", "angle": "1"}}, "not more than half"),
        ({"path": {"kind": "curved", "lead": "100 nm", "radius": "90 nm", "angle": "270 deg"}}, "is no bend"),
        ({"path": {"kind": "chambers", "count": 2, "chamber_length": "60 nm", "channel_length": "20 nm",
                   "channel_width": "80 nm"}}, "channel_width = 80 nm is not less"),
        ({"cell": ("3 nm", "2 nm", "1 nm")}, "does not divide the length"),
        ({"notches": [{"position": "100 nm", "depth": "40 nm", "width": "20 nm"}]}, "in two at 100 nm along"),
        ({"notches": [{"position": "100 nm", "depth": "39.5 nm", "width": "20 nm", "shape": "rectangular"}]},
         "cut the track into 2 pieces"),
        ({"notches": [{"position": "195 nm", "depth": "10 nm", "width": "20 nm"}]}, "outside the track"),
        ({"path": {"kind": "spiral", "length": "1 um"}}, "straight"),
    ],
)  # fmt: skip
def test_what_is_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        track(**fields)


def test_a_current_along_a_bend_keeps_its_sum():
    device = track(path={"kind": "curved", "lead": "100 nm", "radius": "80 nm", "angle": "90 deg"})
    paths = device.current_paths()
    magnet = device.mask()[:, :, 0]
    # Through the begin, the end, and halfway through the bend, whose centre is at (100, 120) nm, by cells across.
    assert paths[0, magnet[0], 0].sum() == pytest.approx(40)
    assert paths[magnet[:, -1], -1, 1].sum() == pytest.approx(40)
    radius = np.arange(42, 117, 0.5)
    index = ((np.array([100, 120])[:, None] + radius * np.array([[1], [-1]]) / np.sqrt(2)) / 2).astype(int)
    across = paths[index[0], index[1]] @ np.array([1, 1]) / np.sqrt(2)
    assert across.mean() == pytest.approx(1, rel=0.05)
    assert across[0] / across[-1] == pytest.approx(116.5 / 42, rel=0.05)
    # Without a source: the divergence vanishes inside.
    divergence = np.gradient(paths[..., 0], axis=0) + np.gradient(paths[..., 1], axis=1)
    inside = ndimage.binary_erosion(magnet, iterations=3)
    inside[:53] = inside[:, 58:] = False
    assert np.abs(divergence[inside]).max() < 0.01


@pytest.mark.parametrize("angle", ["90 deg", "-120 deg", "180 deg"])
def test_places_by_the_middle_are_those_of_its_pieces(angle):
    device = track(path={"kind": "curved", "lead": "100 nm", "radius": "80 nm", "angle": angle})
    (pieces,), corner = device.path.chains(), device._outline.box()[1]
    assert device.length == pytest.approx(200 * NM + 80 * NM * abs(np.radians(float(angle.split()[0]))))
    for piece in pieces:
        for share in (0.01, 0.5, 0.99):
            for aside in (-39 * NM, 0.0, 25 * NM):
                place = np.array(piece.point(share * piece.length, aside)) - corner
                found, turned = device.along_middle(place)
                expected = (piece.before + share * piece.length, 40 * NM + aside)
                np.testing.assert_allclose(found, expected, atol=1e-6 * NM)
                assert float(turned) == pytest.approx(piece.angle + share * piece.length * piece.curvature)
    np.testing.assert_allclose(device.along_middle([[-corner[0] - 5 * NM, -corner[1]]])[0], [[-5 * NM, 40 * NM]])
    straight = track()
    np.testing.assert_allclose(straight.along_middle([[30 * NM, 10 * NM]])[0], [[30 * NM, 10 * NM]])
    with pytest.raises(ValueError, match="has a middle in each arm"):
        track(path={"kind": "fork", "stem": "100 nm", "branch": "150 nm", "angle": "35 deg"}).along_middle((0.0, 0.0))


def test_branches_have_half_of_the_current():
    device = track(path={"kind": "fork", "stem": "100 nm", "branch": "150 nm", "angle": "35 deg"})
    paths = device.current_paths()
    upper = paths[-12, int(0.8 * device.shape[1])]
    np.testing.assert_allclose(upper, 0.5 * np.array([np.cos(np.radians(35)), np.sin(np.radians(35))]))
    np.testing.assert_allclose(paths[3, device.shape[1] // 2], [1, 0])


def test_a_straight_track_has_no_path_of_its_own():
    with pytest.raises(ValueError, match="leave along_path out"):
        track(terminals=[{"kind": "heavy_metal", "name": "metal", "along_path": True}])
    bend = {"kind": "curved", "lead": "100 nm", "radius": "80 nm", "angle": "90 deg"}
    with pytest.raises(ValueError, match="both a direction and along_path"):
        track(path=bend, terminals=[{"kind": "heavy_metal", "name": "m", "along_path": True, "direction": (0, 1, 0)}])
