"""What the verdict states of devices that the model was not made for: tracks computed by the native engine.

`data/README.md` says what they are.
"""

import pytest
from stored_tracks import OTHER, fitted

from solitons.skyrmions import expulsion_of, outline_near_edge
from solitons.skyrmions.judgement import about_expulsion, best_trivial


def expulsion_in(runs, fit):
    trained = [run for run in runs if run.run_id in fit.provenance.trained_on]
    run = max(trained, key=lambda each: abs(each.current))
    duration = float(run.time[-1] - run.time[0])
    return expulsion_of(fit.dynamics, run.current_density, duration, tuple(run.position[0]), begin=float(run.time[0]),
                        outline=outline_near_edge(trained))  # fmt: skip


def bracket(runs):
    stays = max(abs(run.current) for run in runs if run.stays)
    leaves = min(abs(run.current) for run in runs if run.expelled)
    return stays, leaves


@pytest.mark.slow
def test_the_shipped_track_is_predicted_to_two_per_cent_of_its_width_and_its_expulsion_to_five():
    runs, fit, reasons = fitted("skyrmion_track", held_out=(1e11, 5e11), fitted_below=6e11)
    assert reasons == {}
    assert fit.held_out_error < 0.02 * fit.width
    assert fit.held_out_error < 0.1 * best_trivial(runs[:6], set(fit.provenance.held_out)).rms
    # Texture and material alone give the torque.
    torque = fit["damping_like_per_current"]
    assert torque.value == pytest.approx(torque.start, rel=0.01)
    assert torque.low <= torque.start <= torque.high
    stays, leaves = bracket(runs)
    found = expulsion_in(runs, fit)
    assert leaves / stays < 1.11
    assert stays < found.current < leaves
    assert list(about_expulsion(found, 5.8e11, stays, leaves)) == []


@pytest.mark.slow
def test_a_narrower_track_says_that_its_edges_are_not_told_apart():
    runs, fit, reasons = fitted("narrow", held_out=(2e11,))
    # Forces of both edges reach over the whole track, and only their sum is known: one alone may be as large as any.
    assert reasons == {"at_bound": "limited", "edge_open": "limited"}
    assert fit.at_bound == ("edge_strength",)
    # The value is a hundred times that of the same film's wider track, and its interval must say so.
    strength = fit["edge_strength"]
    assert strength.low < 3.5e-12 < strength.value / 10 < strength.high
    assert fit.held_out_error < 0.02 * fit.width
    found = expulsion_in(runs, fit)
    stays, leaves = bracket(runs)
    assert found.current > stays
    assert [each.code for each in about_expulsion(found, stays, stays, leaves)] in ([], ["expulsion_off"])


@pytest.mark.slow
def test_a_track_with_a_notch_fails():
    runs, _, reasons = fitted("notch", held_out=(1e11,))
    assert reasons == {"no_better_than_trivial": "failed", "position_off": "limited", "edge_open": "limited"}
    # The notch lets the skyrmion out with a current that the even track holds.
    assert bracket(runs)[1] == pytest.approx(4e11)


@pytest.mark.slow
def test_grains_that_pin_the_skyrmion_fail():
    _, fit, reasons = fitted("grains", held_out=(1e11, 5e11))
    assert (reasons["no_better_than_trivial"], reasons["position_off"]) == ("failed", "failed")
    assert fit.held_out_error > 0.1 * fit.width


@pytest.mark.slow
def test_another_material_under_a_current_in_the_plane_is_followed_to_the_tracks_end():
    _, fit, reasons = fitted("other2", held_out=(1.8e12, 3.1e12), material=OTHER, torque="zhang-li")
    assert reasons == {"at_end": "limited", "edge_open": "limited"}
    assert fit.held_out_error < 0.005 * fit.width
    # The engines' difference makes the drift weaker than u, and the texture's own tensors say by how much.
    assert fit["drift_per_current"].value == pytest.approx(fit["drift_per_current"].start, rel=0.01)
