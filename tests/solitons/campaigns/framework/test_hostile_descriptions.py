"""Hostile descriptions: each is a valid campaign or a refusal in our words, at once and without a large allocation."""

import random
import re

import pytest
from hostile_descriptions import VALUES, as_campaign, attempt, from_text, mutated, paths, shipped, with_value, without
from rows import rows

SHIPPED = shipped()
PLACES = [(name, path) for name, (content, _) in SHIPPED.items() for path in paths(content) if path]


# Drawn here and not by hypothesis, whose draws depend on which modules are loaded: of its integers some are constants
# that it finds there.
def drawn(number, *lists, seed=1):
    source = random.Random(seed)
    return [tuple(source.choice(each) for each in lists) for _ in range(number)]


def test_any_value_in_any_field_is_taken_or_refused_in_words():
    for (name, path), value in drawn(200, PLACES, VALUES):
        outcome, text = attempt(as_campaign, with_value(SHIPPED[name][0], path, value))
        assert outcome in ("accepted", "refused"), (name, path, value, text)


def test_a_field_that_is_missing_is_a_default_or_named():
    for ((name, path),) in drawn(30, PLACES):
        outcome, text = attempt(as_campaign, without(SHIPPED[name][0], path))
        assert outcome in ("accepted", "refused"), (name, path, text)


@pytest.mark.slow
def test_any_broken_text_is_read_or_refused_in_words(tmp_path):
    for name, seed in drawn(30, sorted(SHIPPED), range(10**6)):
        text = mutated(SHIPPED[name][1], random.Random(seed))
        outcome, said = attempt(from_text, text, tmp_path)
        assert outcome in ("accepted", "refused"), (name, seed, said)


TRAIN = ("base", "protocol", "steps", 1)
WIDE = {"columns": 700, "rows": 700, "seeds": [1], "cut_off": "1 mm", "field_steps": 5}


@rows(
    ("name", "path", "value", "message"),
    [
        ("dw-synapse", ("kind",), ["synapse"], r"kind of campaign"),
        ("dw-synapse", ("name",), "../up", r"name: '../up' cannot name a campaign .* letters \(A to Z\), digits"),
        ("dw-synapse", ("name",), 123, r"name: 123 is not a text; put it in quotes: '123'"),
        ("dw-synapse", ("base", "device", "length"), "256 furlong", r"length: '256 furlong' is more than 100 µm"),
        ("dw-synapse", ("base", "device", "length"), "", r"length: '' cannot be read as a quantity; write a number"),
        ("dw-synapse", ("base", "material", "alpha"), "1:30", "alpha: '1:30' cannot be read as a quantity"),
        (
            "dw-synapse",
            ("base", "protocol", "steps", 1),
            {"count": 3},
            r"steps.1: 'do' is missing; give one of 'relax', ",
        ),
        ("dw-synapse", (*TRAIN, "do"), "current pulse", r"did you mean 'current pulses'\? Give 'relax', 'rest'"),
        (
            "dw-synapse",
            ("fit", "landscape"),
            False,
            r"landscape = false is not allowed; give one of auto, measured, none",
        ),
        (
            "dw-synapse",
            ("base", "device", "thickness"),
            7.0,
            r"thickness: 7.0 is more than 100 µm.*bare number is in m",
        ),
        ("dw-synapse", ("base", "material", "D"), 300.0, r"material.D: 300.0 is more than 20 mJ/m\^2"),
        (
            "dw-synapse",
            ("base", "material", "alpha"),
            100.0,
            r"material.alpha: 100.0 is more than 10, .*check the number",
        ),
        (
            "dw-synapse",
            ("sweep", 0, "values"),
            [1e18],
            r"with amplitude = 1e\+06 × 10¹² A/m², width = 200 ps: .*steps.1.amplitude: 1e\+18 is more",
        ),
        ("dw-synapse", (*TRAIN, "count"), True, r"count = true is not allowed; give a number"),
        ("dw-synapse", (*TRAIN, "count"), 2.5, r"count: 2.5 is not a whole number; give one in digits, such as 3"),
        ("dw-synapse", (*TRAIN, "count"), 10**7, "at most 1 ms are taken"),
        ("dw-synapse", ("sweep", 0), "no", r"sweep.0: 'no' is not a table; give keys with their values"),
        ("dw-synapse", ("sweep", 0, "name"), "Ms (A/m)", r"'Ms \(A/m\)' cannot name an axis; use letters "),
        ("dw-synapse", ("sweep", 0, "unit"), "kg", r"values of axis 'amplitude'|its field .* is a quantity in A/m\^2"),
        ("dw-synapse", ("fit", "knots"), 10**9, "fit.knots: 1000000000 is too large; give at most 100"),
        ("dw-synapse", ("extract", "tmr"), float("inf"), "extract.tmr: inf is not finite"),
        ("dw-synapse", ("extract", "polariser"), [0, 0, float("nan")], "extract.polariser.2: nan is not finite"),
        ("dw-synapse", ("digits", "seed"), 2**40, "digits.seed: 1099511627776 is too large"),
        ("ice-avalanche", ("base", "device", "disorder"), [1], r"disorder: .* is not a table"),
        (
            "ice-avalanche",
            ("large",),
            WIDE,
            r"large.cut_off = 1 mm, columns = 700, .* pairs of islands, .*shorter cut-off",
        ),
        ("ice-avalanche", ("large", "columns"), 10**9, r"large: columns = 1000000000 and rows = 70: .* islands"),
        ("ice-recogniser", ("memory", "inputs"), 10**9, r"memory.inputs: 1000000000 is too large"),
        ("ice-recogniser", ("memory", "longest_delay"), [500, 500, 500], r"longest_delay = .* numbers, .*memory"),
        ("ice-recogniser", ("memory", "samples"), 10**9, r"memory.samples: 1000000000 is too large; give at most 1000"),
        ("stochastic-resonance", ("drive", "amplitude"), "10 mV", r"drive.amplitude: '10 mV' .* A/m\^2"),
        ("stochastic-resonance", ("record", "members"), 10**9, r"record.members: 1000000000 is too large"),
        ("stochastic-resonance", ("locking", "amplitudes"), [0.5, 1.2], r"locking.amplitudes.1: 1.2 "),
        ("stochastic-stdp", ("writing", "currents"), ["1 A"], r"writing.currents.0: .*A/m\^2"),
        ("stochastic-stdp", ("cars", "junctions"), 10**6, r"cars.junctions: 1000000 is too large; give at most 64"),
        ("stochastic-stdp", ("digits", "epochs"), 10**9, r"digits.epochs: 1000000000 is too large"),
        ("stochastic-stdp", ("device", "barrier", "tmr"), -1, r"tmr.*-1 is out of range"),
    ],
)
def test_the_refusal_says_field_value_what_is_allowed_and_the_remedy(name, path, value, message):
    outcome, text = attempt(as_campaign, with_value(SHIPPED[name][0], path, value))
    assert outcome == "refused", text
    assert re.search(message, text), text


def swept(**changes):
    content = SHIPPED["dw-smooth"][0]
    return with_value(content, ("sweep", 0), content["sweep"][0] | changes)


@rows(
    ("changes", "message"),
    [
        (
            {"unit": "kg", "values": ["6e11 kg"]},
            r"axis 'amplitude': it has unit = 'kg', and its field .* quantity in A/m\^2",
        ),
        ({"unit": "", "values": [6e11]}, r"axis 'amplitude': it has no unit, .*give unit: A/m\^2"),
        ({"fields": ["base.x"]}, "none of a run that can be swept"),
        ({"fields": ["protocol.steps.1.count"], "values": [1]}, r"is a number without a unit; leave the unit out"),
        (
            {"fields": ["device.walls.0.position"], "unit": "s", "values": ["72 ns"]},
            r"is a quantity in m; give unit: m",
        ),
        ({"fields": ["material.easy_axis.2"], "unit": "K", "values": [1]}, "is a number without a unit"),
        ({"fields": ["device.cell.0"], "unit": "s", "values": [4e-9]}, "is a quantity in m"),
        ({"fields": ["material.gamma0"], "unit": "s", "values": [2.2e5]}, r"is a quantity in m/\(A\*s\)"),
    ],
)
def test_a_swept_unit_fits_the_field_that_it_sweeps(changes, message):
    outcome, text = attempt(as_campaign, swept(**changes))
    assert (outcome, bool(re.search(message, text))) == ("refused", True), text


@pytest.mark.parametrize("unit", ["A/m^2", "A*m^-2"])
def test_a_unit_of_the_field_in_any_spelling_is_taken(unit):
    assert attempt(as_campaign, swept(unit=unit, values=[1e12, 1.5e12])) == ("accepted", "")


def test_a_sweep_of_a_thousand_million_runs_is_refused_before_one_is_made(monkeypatch):
    monkeypatch.setattr("solitons.campaigns.framework.axes._run", lambda _: pytest.fail("a run was made"))
    axis = SHIPPED["dw-synapse"][0]["sweep"][0]
    values = [1e9 * each for each in range(1, 1001)]
    fields = ("protocol.steps.1.amplitude", "protocol.steps.2.amplitude", "material.Ku")
    sweep = [
        axis | {"name": name, "fields": [field], "values": values} for name, field in zip("abc", fields, strict=True)
    ]
    outcome, text = attempt(as_campaign, with_value(SHIPPED["dw-synapse"][0], ("sweep",), sweep))
    assert outcome == "refused"
    assert (
        "sweep: 1000 x 1000 x 1000 values: that would be 1e+09 runs, and at most 100,000 are taken; give fewer" in text
    )


@pytest.mark.slow
def test_the_runs_of_a_sweep_share_what_they_have_in_common(monkeypatch):
    from geometries import Stripe
    from runs.protocols.in_time import Protocol
    from runs.spec import RunSpec

    made = {RunSpec: 0, Stripe: 0, Protocol: 0}

    def counted(kind, name):
        before = getattr(kind, name)

        def check(self, *given):
            made[kind] += 1
            return before(self, *given)

        monkeypatch.setattr(kind, name, check)

    counted(Stripe, "check")
    counted(RunSpec, "_check_engine")
    runs = as_campaign(swept(values=[1e9 * (each + 1) for each in range(100)]))
    # Once each when the campaign is read: asked for again, for other stages, they are there.
    assert len(runs) == made[RunSpec] == 400
    assert made[Stripe] <= 1
    assert len({id(spec.device) for spec in runs}) == 1
