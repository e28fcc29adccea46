"""Films that are trained to recognise: what is refused, and whole campaigns of a small film, two of which must fail."""

from copy import deepcopy

import numpy as np
import pytest
from rows import rows

from analysis import precession_map
from runs import simulate
from solitons import load_campaign, load_model
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.spin_waves.spin_wave_recogniser.analysis import recognised
from solitons.campaigns.spin_waves.spin_wave_recogniser.campaign import SpinWaveRecogniserCampaign
from solitons.campaigns.spin_waves.spin_wave_recogniser.results import SpinWaveRecogniserResults
from solitons.campaigns.spin_waves.spin_wave_recogniser.settings import ONE_SCATTERER
from solitons.campaigns.spin_waves.spin_wave_recogniser.trained_film import images_of
from solitons.spin_waves import FilmWaves


def edited(**changes):
    """The shipped campaign with some fields replaced: device__length for device.length."""
    content = load_campaign("spin-wave-recogniser").model_dump(mode="json")
    for path, value in changes.items():
        *parents, last = path.split("__")
        part = content
        for name in parents:
            part = part[int(name)] if isinstance(part, list) else part[name]
        part[last] = deepcopy(value)
    return SpinWaveRecogniserCampaign.model_validate(content)


def classes(*pixels):
    return [{"name": name, "pixels": each} for name, each in zip("AB", pixels, strict=True)]


@rows(
    ("changes", "message"),
    [
        ({"device__terminals__0__y": None}, "must be two or more strip lines that are alike"),
        ({"device__absorbing_sides": None}, "must have absorbing_ends and absorbing_sides"),
        ({"static_field": [1e4, 0, 2e5]}, "must be along z"),
        ({"scatterers__pitch": 80e-9}, "must be whole cells"),
        ({"scatterers__size": 100e-9}, "pitch = 7.5e-08 m must be size = 1e-07 m or more"),
        ({"scatterers__columns": 14}, "along x antennas, scatterers .* must follow one another"),
        ({"ports__y": [425e-9, 675e-9, 925e-9, 1.3125e-6]}, "all lie between y = 2.75e-07 and 1.325e-06 m"),
        ({"task__templates__0__pixels": "##"}, "must have a # or a . for each of the 9 antennas"),
        ({"task__templates__0__pixels": ".#. #.# .#."}, "3 of them distinct .an image and its negative are alike"),
        ({"drive__decision": 0.5e-9}, "500 ps is 2.5 periods"),
        ({"drive__settling": 1.00001e-9}, "no whole number of picoseconds"),
        ({"drive__settling": 3.601e-9}, "share 200 frames a period of drive.frequency = 5 GHz, and 10 to 40"),
        ({"drive__frequency": 3e11}, "share 3.33 frames a period"),
        ({"static_field": [0, 0, 1e5]}, "field = 1e.05 A/m does not hold .* it takes 1.4e.05 A/m or more"),
        ({"device__terminals__1__y": [400e-9, 450e-9]}, "the strips 'a1' and 'a2' overlap"),
        ({"scatterers__corner": [437.5e-9, 362.5e-9]}, "move it 7.5e-08 m .* or more away"),
    ],
)
def test_what_is_no_recogniser_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        edited(**changes).check()


SMALL = {
    "device__length": 1.25e-6, "device__width": 0.9e-6, "device__absorbing_ends__length": 225e-9,
    "device__absorbing_sides__length": 225e-9,
    "device__terminals": [
        {"kind": "strip_line", "name": name, "centre": 300e-9, "width": 50e-9, "height": 30e-9, "y": [y, y + 50e-9]}
        for name, y in zip("abcd", (275e-9, 375e-9, 475e-9, 575e-9), strict=True)
    ],
    "scatterers": {"corner": [4e-7, 2.75e-7], "columns": 6, "rows": 5, "pitch": 75e-9, "size": 37.5e-9, "Ku": 8e3},
    "ports": {"x": 925e-9, "y": [375e-9, 525e-9], "size": 50e-9},
    "drive": {"frequency": 5e9, "current": 1e-4, "settling": 3e-9, "decision": 1e-9, "ramp": 4e-10},
    "task__templates": classes("####", "#.#."), "task__noise": 0.5, "training__starts": 10,
}  # fmt: skip


def results_of(campaign, store, engine="native"):
    run_campaign(campaign, store=store, engine=engine)
    folder = campaign_folder(campaign, engine, store)
    text = (folder / "summary.json").read_text("utf-8")
    return CampaignSummary[SpinWaveRecogniserResults].from_json(text).results, folder


def test_film_and_model_answer_by_their_own_transmissions_about_images_that_none_has_learned():
    campaign = edited(**SMALL)
    (seen, *_), (images, labels, turns) = (images_of(campaign.task, test=each) for each in (False, True))
    assert not set(map(tuple, seen)) & set(map(tuple, images))
    assert np.ptp(np.angle(turns)) > 6
    templates = np.array([each.values for each in campaign.task.templates], dtype=complex)
    found = recognised(campaign, templates, templates[::-1])
    assert found["film"].right == found["matched"].right  # ports that are the templates are matched filters
    assert found["model"].right == labels.size - found["film"].right
    assert found["quadratic"].accuracy > 0.95 > 0.6 > found["linear"].accuracy


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("films")


@pytest.mark.slow
@rows("frequency", [5e9, 6.5e9])
def test_a_small_film_recognises_and_its_model_predicts_it(store, frequency):
    campaign = edited(**SMALL | {"drive__frequency": frequency})
    found, folder = results_of(campaign, store)
    assert found.verdict == "trusted", found.reasons
    assert 1e-3 < found.transmission.error < 0.1
    assert found.transmission.error <= found.transmission.phase_error
    assert found.film.accuracy > 0.95
    assert found.film.accuracy == pytest.approx(found.model.accuracy, abs=0.02)
    # Powers do not see a common phase, and a linear classifier is lost without it.
    assert found.linear.interval[0] < 0.53
    assert found.quadratic.accuracy > 0.95
    assert found.film.accuracy <= found.matched.interval[1]
    # Nothing is lost but to damping: the optical theorem; and waves of the cells' closed form, along x.
    assert found.fit.gain == pytest.approx(1.0, abs=0.03)
    # Edges along y weaken the demagnetising field as those along x do.
    field = campaign.static_field[2] + campaign.material.Ms * 2 / np.pi * np.arctan(30 / 900)
    waves = FilmWaves(campaign.material, 30e-9, (0, 0, 1), field=field, length=1.25e-6, cell=12.5e-9)
    along_x = waves.frequency(found.fit.wavenumber * (1 + found.fit.grid))
    assert float(along_x) == pytest.approx(frequency, rel=0.015)
    # An ellipse with axes as the root of the stiffness along k and across it, whose product is the frequency's square.
    more = campaign.material.Ms * float(1 - waves.demagnetising_factor(found.fit.wavenumber))
    across = np.hypot(more / 2, 2 * np.pi * frequency / campaign.material.gamma0) - more / 2
    axes = np.sqrt(1 + more / across)
    assert found.fit.ellipticity == pytest.approx((axes - 1) / (axes + 1), abs=0.01)
    assert 1 <= len(list(found.headlines())) <= 5
    model = load_model(folder / "film.json")
    assert model.provenance.held_out_error == found.transmission.phase_error
    np.testing.assert_allclose(np.stack([model.strengths.real, model.strengths.imag], axis=1), found.fit.strengths)


@pytest.mark.slow
@rows(
    ("changes", "verdict", "codes"),
    [
        # Scatterers as long as a wave.
        ({"scatterers": SMALL["scatterers"] | {"corner": [4e-7, 2.375e-7], "columns": 3, "rows": 3, "pitch": 1.5e-7,
                                               "size": 1.375e-7}}, "failed", {"scatterer_off"}),
        # A known phase, with which a linear classifier is the better one.
        ({"task__phase_known": True}, "limited", {"linear_as_good"}),
        # Below the resonance nothing travels.
        ({"drive__frequency": 1.8e9, "drive__decision": 3e-9}, "failed", {"no_wave"}),
    ],
)  # fmt: skip
def test_what_other_films_print(store, changes, verdict, codes):
    found, folder = results_of(edited(**SMALL | changes), store)
    assert found.verdict == verdict
    assert codes <= {each.code for each in found.reasons}
    if verdict == "failed":
        assert not (folder / "film.json").exists()
        assert [each.value for each in found.headlines()] == ["–"]
        assert found.film is None
        assert found.untrained is None
        assert "recognises" not in (folder / "report.html").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.oommf
def test_oommf_has_the_same_wave_beside_a_scatterer():
    campaign = edited(**SMALL)
    maps = []
    for engine in ("native", "oommf"):
        (run,) = (each for each in campaign.labelled_runs(engine) if each.role.what == ONE_SCATTERER)
        maps.append(precession_map(simulate(run.spec), 5e9, begin=3e-9, end=4e-9).values)
    assert np.linalg.norm(maps[1] - maps[0]) / np.linalg.norm(maps[0]) < 0.01
