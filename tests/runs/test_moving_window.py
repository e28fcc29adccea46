"""A moving window in the description, in the native engine, in a store, and in what is seen of it."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from analysis import find_skyrmions, walls
from geometries import SkyrmionTrack, Stripe
from runs import RunSpec, Store, execute, simulate
from runs.dataset import run_dataset
from runs.engines.native_window import OutsideFieldLags

FILM = {"name": "film", "Ms": 5.8e5, "A": 1.5e-11, "Ku": 8e5, "D": 2e-3, "alpha": 0.3, "P": 0.4, "beta": 0.3}
WALL = {"kind": "neel", "position": "64 nm"}
PROTOCOL = {
    "steps": [{"do": "relax"}, {"do": "constant current", "amplitude": "-3e12 A/m^2", "duration": "1.2 ns"}],
    "sampling_interval": "0.15 ns",
}
FOLLOW = {"moving_window": {"follow": "wall"}}


def stripe(length="128 nm", **fields):
    plain = {"length": length, "width": "16 nm", "thickness": "1 nm", "cell": ("2 nm", "4 nm", "1 nm")}
    return Stripe.model_validate(plain | {"walls": [WALL]} | fields)


def spec_of(device=None, engine="native", material=FILM, **protocol):
    return RunSpec(device=device or stripe(), material=material, protocol=PROTOCOL | protocol, engine=engine)


@pytest.fixture(scope="module")
def in_window():
    return simulate(spec_of(**FOLLOW))


@pytest.mark.slow
def test_a_wall_in_a_window_moves_as_in_a_long_stripe(in_window):
    long = walls(simulate(spec_of(stripe("512 nm", walls=[WALL | {"position": "200 nm"}]))))
    seen = walls(in_window)
    ways = [found.position.values[:, 0] - found.position.values[0, 0] for found in (seen, long)]
    # More than a window's length; measured 0.03 nm apart after 139.5 nm, as the long stripe's end comes nearer.
    assert ways[1][-1] > 128e-9
    assert np.abs(ways[0] - ways[1]).max() < 5e-4 * ways[1][-1]
    assert seen.velocity.values[1:, 0] == pytest.approx(long.velocity.values[1:, 0], rel=1e-3)
    assert seen.sizes["wall"] == 1
    assert np.isnan(seen.exit[0])
    assert in_window.window_position.values[0] == 0
    assert in_window.window_position.attrs["units"] == "m"
    # At rest nothing of the ends is seen: columns there are those of an endless domain.
    first = in_window.m.values[0, :4, :, 0, 2]
    assert np.ptp(first, axis=0).max() < 1e-4


def test_a_stored_run_has_its_window_and_is_found_again(tmp_path):
    short = [{"do": "constant current", "amplitude": "-3e12 A/m^2", "duration": "0.15 ns"}]
    spec = spec_of(**FOLLOW, steps=short)
    assert [report.outcome for report in execute([spec], tmp_path)] == ["computed"]
    assert [report.outcome for report in execute([spec], tmp_path)] == ["stored"]
    stored = Store(tmp_path).open(spec.run_id)
    assert stored.window_position.values[-1] > 0
    assert RunSpec.model_validate_json(stored.attrs["spec"]) == spec


@pytest.mark.slow
def test_what_the_domains_outside_would_add_to_their_stray_field_is_reported(in_window):
    # A current in the plane leaves domains as they are; a field along the track turns them by 0.4 rad.
    assert in_window.attrs["outside_field_left_out"] < 1e-5 * FILM["Ms"]
    hard = 2 * FILM["Ku"] / (4e-7 * np.pi * FILM["Ms"]) - FILM["Ms"]
    field = {"do": "constant field", "amplitude": [0.4 * hard, 0.0, 0.0], "duration": "0.1 ns"}
    drive = FOLLOW | {"steps": [field], "sampling_interval": "0.05 ns"}
    with pytest.warns(OutsideFieldLags, match=r"would add .* A/m .* of Ms\) to their stray field"):
        short = simulate(spec_of(stripe("64 nm", walls=[WALL | {"position": "32 nm"}]), **drive))
    long = simulate(spec_of(**drive))
    # It is the field of two ends with the charge Ms times what m_x has turned to, by Coulomb's law 32 and 96 nm away.
    turned = float(long.m[-1, [0, -1], :, 0, 0].mean() - long.m[0, [0, -1], :, 0, 0].mean())
    near, far = (16.0 / (4 * np.pi * distance**2) for distance in (32.5, 95.5))
    assert long.attrs["outside_field_left_out"] == pytest.approx(turned * FILM["Ms"] * (near + far), rel=0.1)
    assert short.attrs["outside_field_left_out"] > 3 * long.attrs["outside_field_left_out"]


def test_the_window_is_part_of_the_id_only_where_there_is_one():
    assert spec_of(**FOLLOW).run_id != spec_of().run_id
    assert "moving_window" not in spec_of().canonical_json()


@rows(
    ("device", "said"),
    [
        (
            lambda: stripe(edge_roughness={"rms": "2 nm", "correlation_length": "9 nm", "seed": 3}, width="32 nm"),
            r"along this stripe the outline \(edge_roughness\) changes: leave that out, or run the whole track",
        ),
        (lambda: stripe(pinned_ends={"length": "12 nm", "field": 1e5}), r"the static field \(pinned_ends\) changes"),
        (
            lambda: stripe(
                grains={"size": "9 nm", "anisotropy_spread": 0.1, "seed": 1}, readout_window={"x": ("40 nm", "80 nm")}
            ),
            r"the anisotropy \(grains\); the window of the read-out change: ",
        ),
        (lambda: stripe(walls=[]), "follow is 'wall', and the device starts with the domain [+]z at both ends"),
        (lambda: stripe("12 nm", walls=[]), "the device has 6 cells along x; give it 8 or more"),
        (lambda: stripe(walls=[WALL | {"position": "2 nm"}]), "starts with no domain along z or x at one of its ends"),
    ],
)
def test_what_no_window_can_follow_is_refused(device, said):
    with pytest.raises(ValidationError, match=said):
        spec_of(device(), **FOLLOW)


def test_members_of_an_ensemble_have_no_windows_of_their_own():
    spec = spec_of(temperature=300, **FOLLOW).model_dump(exclude={"ensemble"})
    with pytest.raises(ValidationError, match=r"leave protocol\.moving_window out"):
        RunSpec.model_validate(spec | {"ensemble": {"members": 4}})


def test_a_skyrmion_is_asked_for_where_one_is_followed():
    track = {
        "path": {"kind": "straight", "length": "96 nm"},
        "width": "56 nm",
        "thickness": "1 nm",
        "cell": ("4 nm", "4 nm", "1 nm"),
        "terminals": [{"kind": "in_plane", "name": "current"}],
    }
    follow = {"moving_window": {"follow": "skyrmion"}}
    with pytest.raises(ValidationError, match="follow is 'skyrmion', and the device starts with none; give it one"):
        spec_of(SkyrmionTrack.model_validate(track), **follow)
    with pytest.raises(ValidationError, match=r"starts with the domains [+]z and -z at its ends"):
        spec_of(**follow)
    with pytest.raises(ValidationError, match="'wall' or 'skyrmion'"):
        spec_of(moving_window={"follow": "vortex"})


def test_only_an_engine_that_moves_the_window_may_run_it():
    with pytest.raises(
        ValidationError, match=r"engine is 'oommf', which cannot shift .* use engine 'native', or leave"
    ):
        spec_of(engine="oommf", **FOLLOW)
    spec = spec_of(**FOLLOW)
    with pytest.raises(ValueError, match=r"protocol\.moving_window is given, and engine 'native' has not moved it"):
        run_dataset(spec, np.zeros((9, 64, 4, 1, 3)), np.zeros(9), {})


@pytest.mark.slow
def test_a_skyrmion_in_a_window_moves_as_in_a_long_track():
    film = FILM | {"D": 3.2e-3, "beta": 0.15}

    def run(length, position, **protocol):
        track = {
            "path": {"kind": "straight", "length": length},
            "width": "56 nm",
            "thickness": "1 nm",
            "cell": ("2 nm", "2 nm", "1 nm"),
            "skyrmions": [{"position": (position, "28 nm"), "radius": "8 nm", "width": "4.2 nm"}],
            "terminals": [{"kind": "in_plane", "name": "current"}],
        }
        strong = PROTOCOL["steps"][0], PROTOCOL["steps"][1] | {"amplitude": "-6e12 A/m^2", "duration": "0.4 ns"}
        protocol |= {"steps": strong, "sampling_interval": "0.1 ns"}
        return simulate(spec_of(SkyrmionTrack.model_validate(track), material=film, **protocol))

    inside = run("96 nm", "48 nm", moving_window={"follow": "skyrmion"})
    found, long = find_skyrmions(inside), find_skyrmions(run("256 nm", "72 nm"))
    ways = [
        np.stack([seen.x.values[:, 0] - seen.x.values[0, 0], seen.y.values[:, 0]], axis=-1) for seen in (found, long)
    ]
    assert ways[1][-1, 0] > 60e-9
    # Measured: 0.024 nm after 73 nm along the track and 18 nm across it.
    assert np.abs(ways[0] - ways[1]).max() < 1e-3 * ways[1][-1, 0]
    assert found.event_kind.size == 0
