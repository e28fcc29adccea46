"""The campaign with runs that are made up, what it reports of noise, and what it refuses; and one with real runs."""

import re
from dataclasses import dataclass

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError
from report_text import report_text
from rows import rows

from geometries import Material
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.magnet_logic.nanomagnet_vision.analysis import drawn
from solitons.campaigns.magnet_logic.nanomagnet_vision.answers import DiscThreshold, further_rates, kept_from_all
from solitons.campaigns.magnet_logic.nanomagnet_vision.campaign import VisionCampaign
from solitons.campaigns.magnet_logic.nanomagnet_vision.images import affinities
from solitons.campaigns.magnet_logic.nanomagnet_vision.judgement import judge_vision
from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import Mapped, contour_problem, small_problem
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import (
    ImageResults,
    Rates,
    Reading,
    SmallReading,
    SmallResults,
    VisionResults,
)
from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import Image, MaxCut, VisionMagnets
from solitons.magnet_logic import ground_states
from solitons.magnet_logic.placement import Placement

SCENE = {"name": "a scene", "source": "contour", "segments": 8, "contour": 4, "seed": 5}
TRIANGLE = {"name": "triangle", "nodes": 3, "edges": [[0, 1, 1], [1, 2, 1], [2, 0, 2]]}
CONTENT = {
    "name": "small-vision",
    "title": "A <small> image",
    "images": [SCENE],
    "cuts": [TRIANGLE],
    "magnets": {
        "length": "100 nm",
        "width": "60 nm",
        "thickness": "20 nm",
        "pitch": "130 nm",
        "cell": ["5 nm", "5 nm", "20 nm"],
        "clock_field": "700 kA/m",
        "bias": "12.5 kA/m",
        "hold": "20 kA/m",
    },
    "material": {"name": "<film>", "Ms": "800 kA/m", "A": "13 pJ/m", "alpha": 0.1},
    "seed": 1,
}


def made_run(array, values):
    """A run of one frame with discs that are single domains (1) or vortices (-1), or ellipses along their axes."""
    x, y, _ = array.cell_centres()
    placed, labels = array.placed_outlines(), array.cell_labels()
    m = np.full((1, *labels.shape, 3), np.nan)
    for i, (magnet, value) in enumerate(zip(array.magnets, values, strict=True)):
        cells = np.nonzero(labels == i + 1)
        if magnet.length == magnet.width and value < 0:
            around = np.stack([-(y[cells[1]] - placed.y[i]), x[cells[0]] - placed.x[i], 0 * x[cells[0]]], axis=1)
            m[(0, *cells)] = around / np.maximum(np.linalg.norm(around, axis=1), 1e-12)[:, None]
        else:
            m[(0, *cells)] = [value * magnet.axis[0], value * magnet.axis[1], 0]
    coords = {**array.coordinates(), "t": xr.Variable("t", [0.0], {"units": "s"}), "vdims": list("xyz")}
    return xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m, {"units": "1"})}, coords=coords)


@dataclass(frozen=True)
class MadeRuns(ComputedRuns):
    """Runs whose discs have the thresholds that are given and whose ellipses are in the exact minimum."""

    campaign: VisionCampaign = None
    thresholds: tuple = (15.5e3, 9.5e3)

    def open(self, run):
        part, array = run.role, run.spec.device
        if part.bias is not None:
            limit = self.thresholds[len(array.magnets) - 1]
            return made_run(array, [1 if part.bias > limit else -1] * len(array.magnets))
        mapped = self.campaign.mapped[part.name]
        if part.reading == "ellipses":
            return made_run(array, ground_states(mapped.problem.answer_ising).states[0])
        alone, paired = ((each, each) for each in self.thresholds)
        threshold = DiscThreshold(self.campaign.magnets, self.campaign.material, alone, paired)
        return made_run(array, 2 * threshold.states(mapped) - 1)


def analysed(thresholds=(15.5e3, 9.5e3), **changes):
    campaign = VisionCampaign(**(CONTENT | changes))
    campaign.check()
    runs = MadeRuns(campaign.labelled_runs("native"), None, "native", campaign, thresholds)
    return campaign, campaign.analyse(runs, Stages())


def page(campaign, findings):
    """The kind's part of the report, without the pictures."""
    return report_text(campaign, findings)


def titles(text):
    return re.findall("<h2>(.*?)</h2>", text)


@pytest.fixture(scope="module")
def scene():
    return analysed()


@pytest.mark.slow
def test_discs_with_the_right_threshold_find_a_contour(scene):
    _campaign, findings = scene
    results = findings.results
    assert results.alone == pytest.approx((15e3, 16.5625e3), rel=0.1)
    assert results.need == pytest.approx(0.5, abs=0.2)
    names = [reading.name for reading in results.images[0].readings]
    assert names == [
        "exact minimum",
        "annealing",
        "Ising model of the array",
        "coupled macrospins",
        "biases alone",
        "local minimum, from all on",
        "threshold of the discs",
        "discs, native",
    ]
    found = results.totals["discs, native"]
    assert (found.salient, found.others) == (4, 4)
    assert found.found >= 3
    assert found.false <= 1
    assert results.images[0].p_value <= 0.05
    assert results.small[0].best == 3
    assert results.small[0].readings[-1].solved
    assert "salient segments found, discs, native" in [headline.name for headline in results.headlines()]


@pytest.mark.slow
def test_the_report_shows_what_was_found(scene):
    campaign, findings = scene
    text = page(campaign, findings)
    assert titles(text) == ["Image: a scene", "Salient contours", "Small problems", "The magnets", "What is not shown"]
    assert "&lt;film&gt;" in text
    assert text.count("<img") == 2
    assert not re.search(r"\b(nan|None|undefined)\b|{{|\*\*", text)


# Nothing was tuned on this image: there is nothing to find in it.
@pytest.mark.slow
def test_from_all_segments_on_the_problem_itself_comes_to_a_minimum_that_is_not_the_lowest():
    """Three edges of the temple's roof each gain more than their cost while the two others are there."""
    problem = contour_problem(Image(name="temple", source="china.jpg", reduced=6, segments=12))
    gains = affinities(problem.segments)
    kept, exact = kept_from_all(gains, 0.5), ground_states(problem.answer_ising).states[0] == 1
    false = np.flatnonzero(kept & ~exact)
    assert len(false) == 3
    assert not (exact & (kept == 0)).any()
    assert (gains[np.ix_(false, false)].sum(axis=1) > 0.5).all()
    assert gains[np.ix_(false, false)].sum() / 2 < 0.5 * 3


@pytest.mark.slow
def test_of_noise_the_verdict_reports_that_nothing_stands_out():
    noise = {"name": "noise", "source": "noise", "segments": 10, "seed": 11}
    campaign, findings = analysed(images=[noise], cuts=[])
    results = findings.results
    assert results.verdict == "failed"
    assert [reason.code for reason in results.reasons] == ["nothing_to_find"]
    assert "In noise nothing stands out" in results.reasons[0].sentence
    assert [headline.value for headline in results.headlines()] == ["withheld"]
    assert titles(page(campaign, findings)) == ["The magnets", "What is not shown"]
    rates = results.images[0].readings[0].contour
    assert (rates.salient, rates.others, rates.true_rate) == (0, 10, None)


@pytest.mark.slow
def test_discs_that_never_become_vortices_compute_nothing(scene):
    _, findings = analysed(thresholds=(1e3, 0.5e3), cuts=[])
    assert findings.results.verdict == "failed"
    assert findings.results.alone == (None, None)
    assert "no_threshold" in {reason.code for reason in findings.results.reasons}
    text = page(VisionCampaign(**CONTENT), findings)
    assert "The runs do not tell a bias" in text
    assert "Salient contours" not in text


@pytest.mark.slow
def test_a_bias_that_asks_for_too_much_limits_the_verdict():
    _, findings = analysed(thresholds=(17.5e3, 12e3), cuts=[])
    assert "wrong_bias" in {reason.code for reason in findings.results.reasons}


THRESHOLD = {"magnets": VisionMagnets(**CONTENT["magnets"]), "material": Material(**CONTENT["material"])}


def by_hand():
    """A scene of five segments in a row and a triangle, at places that nobody has searched for."""
    scene, triangle = contour_problem(Image(**SCENE | {"segments": 5, "contour": 3})), small_problem(MaxCut(**TRIANGLE))
    row, corners = np.array([[1.5 * i, 0.0] for i in range(5)]), np.array([[0.0, 0.0], [1.2, 0.0], [0.6, 1.1]])
    return {each.name: Mapped(each, **THRESHOLD, placement=Placement(places, np.zeros(len(places)), 0.1))
            for each, places in ((scene, row), (triangle, corners))}  # fmt: skip


def test_the_steps_of_the_biases_are_read_from_runs_and_magnets_are_compared_with_models(monkeypatch):
    monkeypatch.setattr(VisionCampaign, "mapped", by_hand())
    campaign = VisionCampaign(**CONTENT)
    runs = MadeRuns(campaign.labelled_runs("native"), None, "native", campaign)
    results = campaign.analyse(runs, Stages()).results
    # The steps below and above 15.5 kA/m and 9.5 kA/m; by hand, 1/2 of one neighbour at a bias of 12.5 kA/m.
    assert (results.alone, results.paired) == ((14062.5, 15625.0), (9375.0, 10937.5))
    assert results.need == pytest.approx(0.5, abs=0.01)
    readings = {each.name: each for each in results.images[0].readings}
    assert list(readings)[-2:] == ["threshold of the discs", "discs, native"]
    assert readings["discs, native"].salient == readings["threshold of the discs"].salient
    # A triangle's best cut leaves one edge of 1, of 1, 1 and 2.
    assert (results.small[0].best, results.small[0].readings[-1].solved) == (3, True)


def test_who_found_what_is_shown_and_withheld_if_nothing_was():
    """What is said to be found is made up."""
    shown = by_hand()
    scene = shown["a scene"].problem
    truth = np.array(scene.truth, dtype=bool)
    one_each_wrong = truth ^ (np.arange(5) == truth.argmax()) ^ (np.arange(5) == truth.argmin())
    readings = [Reading(name=name, salient=found.tolist(), undecided=0, contour=Rates.of(found, truth),
                        minimum=Rates.of(found, truth))
                for name, found in (("exact minimum", truth), ("discs, native", one_each_wrong))]  # fmt: skip
    image = ImageResults(name="a scene", source="contour", segments=5, residual=0.1, p_value=0.2, readings=readings)
    cut = SmallReading(name="ellipses, native", spins=[1, -1, 0], score=2, solved=False)
    results = VisionResults(
        verdict="limited", alone=(15e3, 16.5e3), paired=(9e3, 1e4), need=0.5, need_range=(0.3, 0.6), images=[image],
        totals={each.name: each.contour for each in readings}, further={}, further_left_out=2,
        small=[SmallResults(name="triangle", kind="cut", magnets=3, residual=0.0, best=3, readings=[cut])],
    )  # fmt: skip
    campaign = VisionCampaign(**CONTENT)
    headlines = [*results.headlines()]
    assert [each.value for each in headlines] == ["67%", "0 of 1"]
    assert headlines[0].detail.startswith("2 of 3, 95 %: 9% to 99%; false positives 1 of 2, 95 %: 1% to 99%")
    values, figures = {"cost": 0.5}, drawn(results, shown)
    text = page(campaign, Findings(results, values=values, figures=figures))
    every = ["Image: a scene", "Salient contours", "Small problems", "The magnets", "What is not shown"]
    assert titles(text) == every
    for words in (
        "p = 0.2: nothing stands out.", "67% (9% to 99%)", "largest residual: 2.", "<td>2 of 3</td>\n<td>no</td>",
        "from between 15 kA/m and 16.5 kA/m on", "it needs 0.50 of what",
    ):  # fmt: skip
        assert words in text
    pictures, arrays = (figures[name]() for name in ("image-1", "small"))
    assert [ax.get_title() for ax in pictures.axes][1:3] == ["exact minimum", "discs, native: salient in orange"]
    assert [ax.get_xlabel() for ax in arrays.axes] == ["x (nm)"]
    failed = results.model_copy(update={"verdict": "failed"})
    assert [each.value for each in failed.headlines()] == ["withheld"]
    assert titles(page(campaign, Findings(failed, values=values, figures=figures))) == every[3:]


def judged(alone, paired, image=()):
    return judge_vision(DiscThreshold(**THRESHOLD, alone=alone, paired=paired), image, [])


@rows(
    ("alone", "paired", "low", "high"),
    [
        # By hand, at a bias of 12.5 kA/m: 1.5625 / 4.6875 and 3.125 / 4.6875.
        ((14062.5, 15625.0), (9375.0, 10937.5), 1 / 3, 2 / 3),
        ((14062.5, 15625.0), (7812.5, 9375.0), 0.25, 0.5),
        ((12500.0, 14062.5), (10937.5, 12500.0), 0.0, 1.0),
    ],
)
def test_the_steps_of_the_biases_bound_what_a_disc_needs(alone, paired, low, high):
    assert DiscThreshold(**THRESHOLD, alone=alone, paired=paired).need_range == pytest.approx((low, high))
    codes = [reason.code for reason in judged(alone, paired).reasons]
    assert codes == (["need_not_known"] if high - low > 0.5 else [])


def test_a_need_that_the_steps_leave_open_limits_the_verdict():
    verdict = judged((12500.0, 14062.5), (10937.5, 12500.0))
    assert verdict.verdict == "limited"
    assert "between 0.00 and 1.00 of what one neighbour gives" in verdict.why
    assert "a bias of 12.5 kA/m" in verdict.why


def test_shares_of_few_segments_are_judged_with_their_intervals():
    missed = Reading(name="discs, native", salient=[], undecided=0, contour=None, minimum=Rates.counted(4, 5, 1, 6))
    image = ImageResults(name="a", source="noise", segments=11, residual=0.1, p_value=0.01, readings=[missed])
    why = judged((14062.5, 15625.0), (9375.0, 10937.5), [image]).why
    assert "find 4 of the 5 segments of the exact minimum (80%, 95 %: 28% to 99%), less than 85%" in why
    assert "take 1 of 6 segments for salient that the exact minimum does not (17%, 95 %: 0% to 64%)" in why


# Signs at random on all pairs of ten: no plane holds such couplings.
SIGNS = np.random.default_rng(5).choice([-1, 1], 45).tolist()
GLASS = {
    "name": "glass",
    "nodes": 10,
    "edges": [[int(i), int(j), w] for i, j, w in zip(*np.triu_indices(10, 1), SIGNS, strict=True)],
}


@pytest.mark.slow
def test_a_cut_that_cannot_be_expressed_is_refused_before_anything_runs(tmp_path):
    campaign = VisionCampaign(**(CONTENT | {"cuts": [GLASS]}))
    with pytest.raises(ValueError, match=r"'glass': the array cannot express .* residual of 0\.[4-9]"):
        run_campaign(campaign, tmp_path, engine="native")
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contour": 11, "turn": 0.0}, "'a scene': contour = 11 elements"),
        # It can be drawn with the first seed, and not with the next.
        ({"contour": 10, "turn": 0.5, "seed": 0}, "'further 1': contour = 10 elements"),
    ],
)
def test_an_image_that_cannot_be_drawn_is_refused_before_anything_is_placed(changes, words):
    campaign = VisionCampaign(**(CONTENT | {"images": [SCENE | {"segments": 14} | changes], "further": 1}))
    with pytest.raises(ValueError, match=words):
        campaign.check()


def test_further_images_whose_arrays_do_not_express_them_are_left_out_and_counted():
    problem = contour_problem(Image(name="a", source="contour", segments=5, contour=3, seed=4))
    # In a row, in the order in which the segments were found.
    places = np.array([[1.0 * i, 0.0] for i in range(5)])
    row = Mapped(problem, **THRESHOLD, placement=Placement(places, np.zeros(5), 0.0))
    threshold = DiscThreshold(**THRESHOLD, alone=(15e3, 16e3), paired=(9e3, 10e3))
    assert 0.1 < row.residual < 1
    assert further_rates([row], threshold, 300, 1, largest_residual=row.residual - 0.01) == ({}, 1)
    rates, left_out = further_rates([row], threshold, 300, 1, largest_residual=row.residual + 0.01)
    assert left_out == 0
    assert rates["exact minimum"].salient == 3


def test_rates_have_exact_intervals():
    rates = Rates.of([1, 1, 0, 1], [1, 1, 1, 0])
    assert (rates.found, rates.salient, rates.false, rates.others) == (2, 3, 1, 1)
    assert rates.false_interval == pytest.approx((0.025, 1))
    both = Rates.pooled([rates, rates])
    assert (both.found, both.salient) == (4, 6)


@rows(
    ("changes", "words"),
    [
        ({"cuts": [TRIANGLE, TRIANGLE]}, "two problems are named 'triangle'"),
        ({"ellipse_images": ["b"]}, "no image has such a name"),
        ({"material": CONTENT["material"] | {"Ku": 1e4}}, "leave Ku out"),
        ({"magnets": CONTENT["magnets"] | {"pitch": "102 nm"}}, "no two magnets touch"),
        ({"magnets": CONTENT["magnets"] | {"width": "100 nm"}}, "must be below magnets.length"),
        ({"images": []}, "images"),
    ],
)
def test_what_cannot_be_answered_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        VisionCampaign(**(CONTENT | changes))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_real_discs_find_a_contour_and_real_ellipses_the_cut(tmp_path, engine):
    campaign = VisionCampaign(**CONTENT)
    results = run_campaign(campaign, tmp_path, engine=engine).results
    readings = {reading.name: reading for reading in results.images[0].readings}
    found = readings[f"discs, {engine}"]
    assert found.undecided == 0
    assert found.salient == readings["threshold of the discs"].salient
    assert found.contour.found >= 3
    assert found.contour.false <= 1
    assert results.small[0].readings[-1].solved
    assert "A &lt;small&gt; image" in (campaign_folder(campaign, engine, tmp_path) / "report.html").read_text()
