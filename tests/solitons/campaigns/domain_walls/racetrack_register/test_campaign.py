"""The campaign of a register: its runs, what it refuses, its windows, and the whole way on made runs."""

from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from rows import rows

from analysis import artificial
from solitons.campaigns.domain_walls.racetrack_register import analysis
from solitons.campaigns.domain_walls.racetrack_register.campaign import RacetrackRegisterCampaign
from solitons.campaigns.domain_walls.racetrack_register.results import RegisterPoint
from solitons.campaigns.framework.stages import Stages

FILE = RacetrackRegisterCampaign.report_file().with_name("campaign.yaml")


def described(**changes):
    """The shipped campaign, with values changed at keys such as ``words__bits``."""
    content = yaml.safe_load(FILE.read_text("utf-8"))
    for key, value in changes.items():
        *path, last = key.split("__")
        part = content
        for each in path:
            part = part[int(each) if isinstance(part, list) else each]
        part[last] = value
    return RacetrackRegisterCampaign.model_validate(content)


def test_runs_have_a_wall_in_the_well_of_each_1_and_a_pulse_for_each_shift():
    campaign = described(words__spacing=2, words__first=1, words__shifts=3)
    run = campaign.labelled_runs("native")[-1]
    assert str(run.role) == "110101 by 1.5 × 10¹² A/m², 300 ps, 300 K, seed 1"
    wells = campaign.model.wells()
    assert [each.position for each in run.spec.device.walls] == pytest.approx(wells[[1, 3, 7, 11]])
    assert run.spec.in_time.duration == pytest.approx(6.5e-9)
    times = np.array([0.25, 0.7, 1.2, 2.7, 4.7]) * 1e-9
    assert run.spec.in_time.current_density(times) / 1e12 == pytest.approx([0, 1.5, 0, 1.5, 1.5])


@rows(
    "changes, message",
    [
        ({"words__bits": 17, "runs": []}, "the last of 17 bits, 2 wells apart from well 1 on, is in well 33, and"),
        ({"words__shifts": 9}, "9 shifts take the outermost bit 5 wells beyond the end of 16 wells"),
        ({"pulses__amplitudes": ["1e11 A/m^2", "2e11 A/m^2"], "runs": []}, "the strongest, moves no wall"),
        ({"pulses__amplitudes": ["1.2e12 A/m^2", "0.9e12 A/m^2"]}, "must be of one sign and rise in size"),
        ({"pulses__widths": ["2.5 ns"]}, "is not between twice the rise, 100 ps, and the period, 2 ns"),
        ({"sampling_interval": "1.7 ns"}, "does not divide the times at which words are read, 2.5 ns and every 2 ns"),
        ({"runs__0__word": "11"}, "the word '11'; give 6 bits"),
        ({"runs__0__word": "110x01"}, "the word '110x01'; give 6 bits"),
        ({"runs__0__temperature": "77 K"}, "the temperature 77, which the map has not"),
        ({"material__Ms": "700 kA/m"}, "was fitted with"),
    ],
)
def test_what_shows_nothing_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        described(**changes).check()


def test_a_window_is_the_longest_row_of_currents_below_the_limit():
    def point(amplitude, upper, width=3e-10):
        return RegisterPoint(
            amplitude=amplitude,
            width=width,
            temperature=0.0,
            outcomes={},
            error=0.0,
            ci95=(0.0, upper),
            words_wrong=0.0,
        )

    uppers = (0.5, 0.001, 0.5, 0.001, 0.009, 0.011)
    points = [point(at, upper) for at, upper in enumerate(uppers, 1)] + [point(1, 0.5, 4e-10)]
    assert [(each.low, each.high) for each in analysis.windows_of(points, 0.01)] == [(4, 5), (None, None)]


@pytest.mark.slow
def test_the_whole_way_on_runs_that_do_what_the_model_does():
    """At 0 K the made runs agree; one in which a wall stays behind is seen."""
    campaign = described(
        pulses__amplitudes=["0.7e12 A/m^2", "1.1e12 A/m^2"], pulses__widths=["0.3 ns"], temperatures=["0 K"],
        words__words=10, words__shifts=2, limit=0.1,
        runs=[{"word": "110101", "amplitude": f"{each}e12 A/m^2", "width": "0.3 ns"} for each in (0.7, 1.1)],
    )  # fmt: skip
    wells = campaign.model.wells()

    def made(run, late=False, extra=False):
        word = np.array([[bit == "1" for bit in run.role.word]])
        places = wells[analysis.followed(campaign, word, run.role.amplitude, run.role.width, 0.0)[0, : word.sum()]]
        if late:
            places[0, 1:] = places[0, 0]
        # Frames near enough that walls are followed.
        t = np.linspace(0, campaign.times[-1], 91)
        between = np.array([np.interp(t, campaign.times, each) for each in places]).T
        if extra:  # a domain beyond the last wall, which nobody wrote
            pair = np.where(t[:, None] > 3e-9, np.array([600e-9, 660e-9]), np.nan)
            between = np.concatenate([between, pair], axis=1)
        cells = {"length": 752e-9, "magnet_width": 80e-9, "thickness": 2e-9, "cell": (4e-9, 4e-9, 2e-9)}
        return artificial.domain_walls(between, t=t, **cells)

    labelled = campaign.labelled_runs("native")
    found = analysis.analyse(campaign, SimpleNamespace(labelled=labelled, open=made), Stages())
    results = found.results
    assert (results.windows[0].low, results.windows[0].high) == (1.1e12, 1.1e12)
    assert [each.outcomes for each in results.checked] == [
        {"shifted": 0, "held": 8, "twice": 0, "back": 0, "lost": 0},
        {"shifted": 8, "held": 0, "twice": 0, "back": 0, "lost": 0},
    ]
    assert [(each.same, each.inside, each.agrees) for each in results.checked] == [(1, False, True), (1, True, True)]
    # 0.7e12 A/m2 is below what the wall was fitted to, and 0 of 8 may be 0.37.
    assert [each.code for each in results.reasons] == ["outside_fit", "few_shifts_checked"]
    assert (results.outside, results.counted) == (1, (0, 8))
    page = str(campaign.report(found))
    assert "yes" in page
    assert "|---" not in page  # tables are whole
    assert not {"{{", "{%", "None"} & set(page.split())
    assert found.figures["errors"]().axes[0].get_yscale() == "log"
    late = analysis.checked_point(campaign, labelled[1], made(labelled[1], late=True), results.windows)
    assert late.outcomes["held"] == 2
    assert late.same == 0.75
    assert not late.agrees
    gone = analysis.checked_point(campaign, labelled[1], made(labelled[1], extra=True), results.windows)
    assert (gone.new, gone.same, gone.agrees) == (2, 1.0, False)
