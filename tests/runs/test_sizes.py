"""Sizes are multiplied out before anything is allocated, and what is refused says how much it would be."""

import re

import pytest
from pydantic import ValidationError
from rows import rows

from geometries import SpinIce, Stripe
from geometries.description import plain_errors
from runs.spec import RunSpec

TRAIN = {"do": "current pulses", "amplitude": 1e12, "width": "0.2 ns", "period": "0.3 ns"}
SINE = {"do": "alternating current", "amplitude": 1e10, "frequency": "5 THz", "duration": "1 us"}
LOOP = {"do": "loop", "amplitude": "100 kA/m", "field_steps": 10**9}
DEMAGNETISE = {"do": "alternating demagnetisation", "amplitude": 1e5, "reversals": 10**6, "field_steps": 10**6}
NOTCHES = {"first": "50 nm", "period": "1 nm", "count": 10**9, "depth": "2 nm", "width": "2 nm"}


@rows(
    ("changes", "message"),
    [
        ({"cell": ("1 fm", "4 nm", "1 nm")}, r"cell.0: 1 fm is a thousandth of an atom or less"),
        ({"cell": ("1 pm", "1 pm", "1 nm")}, r"2.56e\+09 cells, 2.56 TB of memory for a solver, .*larger cells"),
        ({"length": 1e9}, r"length: 1000000000.0 is more than 100 µm, .*its unit"),
        ({"length": 512, "cell": (4, 4, 1)}, "length: 512 is more than 100 µm"),
        ({"length": "100 um", "cell": ("5 pm", "4 nm", "1 nm")}, r"2e\+07 cells along x, and at most 10,000,000"),
        ({"notches": [NOTCHES]}, r"notches\[0\].count = 1000000000: that would be 1e\+09 notches"),
        (
            {"edge_roughness": {"rms": "1 nm", "correlation_length": "0.1 pm", "seed": 1}},
            "edge_roughness.correlation_length = 100 fm .*GB of memory.*choose a longer one",
        ),
    ],
)
def test_a_stripe_too_large_for_any_machine_is_refused(stripe, changes, message):
    with pytest.raises(ValidationError) as refused:
        Stripe.model_validate(stripe.model_dump() | changes)
    assert re.search(message, plain_errors(refused.value)), plain_errors(refused.value)


@rows(
    ("protocol", "message"),
    [
        (
            {"steps": [TRAIN | {"count": 10**6}], "sampling_interval": "3 ns"},
            r"4,000,000 breakpoints of the waveforms.*fewer pulses",
        ),
        ({"steps": [TRAIN | {"count": 10**7}]}, 'steps take 3 ms, and at most 1 ms are taken.*written "5 ns"'),
        ({"steps": [{"do": "rest", "duration": 5}]}, "duration: 5 is more than 1 s"),
        ({"steps": [{"do": "rest", "duration": 0.5}]}, "steps take 500 ms, .*5e\\+11 steps of about a picosecond"),
        ({"steps": [{"do": "rest", "duration": "100 us"}]}, r"sampling_interval = 50 ps .*2,000,000 frames"),
        ({"steps": [TRAIN], "sampling_interval": 1e-30}, "sampling_interval: 1e-30 s is too short"),
        ({"steps": [TRAIN], "sampling_interval": 1e-17}, r"3e\+07 frames, and at most 1,000,000"),
        ({"steps": [SINE], "sampling_interval": "1 us"}, r"2e\+07 breakpoints"),
        ({"kind": "field_steps", "steps": [LOOP]}, r"2e\+09 states"),
        ({"kind": "field_steps", "steps": [DEMAGNETISE]}, r"1e\+12 states"),
    ],
)
def test_a_protocol_too_long_for_any_machine_is_refused(make_spec, protocol, message):
    with pytest.raises(ValidationError) as refused:
        make_spec(protocol=protocol)
    assert re.search(message, plain_errors(refused.value)), plain_errors(refused.value)


def test_frames_that_no_disk_holds_are_refused(make_spec, stripe):
    wide = stripe.model_dump() | {"length": "100 um", "width": "4 um", "walls": [], "readout_window": None}
    protocol = {"steps": [{"do": "rest", "duration": "50 us"}]}
    with pytest.raises(ValidationError, match=r"1,000,001 frames of 25,000,000 cells would take 300 TB"):
        make_spec(device=wide, protocol=protocol)


@rows("kind", ["square", "pinwheel", "kagome", "brickwork", "trident"])
def test_a_lattice_too_large_for_any_machine_is_refused(kind):
    lattice = {"kind": kind, "columns": 10**9, "rows": 3, "lattice_constant": "220 nm"}
    lattice |= {"separation": "60 nm"} if kind == "trident" else {}
    ice = {"island": {"length": "120 nm", "width": "40 nm"}, "thickness": "10 nm", "cell": ("5 nm", "5 nm", "10 nm")}
    with pytest.raises(ValidationError, match=r"columns = 1000000000 and rows = 3: that would be .* islands"):
        SpinIce(lattice=lattice, **ice)


def test_an_ice_without_a_mesh_may_be_larger_than_one_with(soft):
    ice = SpinIce(
        lattice={"kind": "square", "columns": 3, "rows": 3, "lattice_constant": "100 um"},
        island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"),
    )  # fmt: skip
    assert ice.islands(soft).sizes["island"] == 24
    with pytest.raises(ValueError, match=r"3.6e\+09 cells"):
        ice.mask()
    with pytest.raises(ValidationError, match=r"3.6e\+09 cells"):
        RunSpec(device=ice, material=soft, protocol={"kind": "field_steps", "steps": [LOOP | {"field_steps": 2}]})


def test_islands_that_are_piled_up_are_refused_without_all_their_pairs(ice):
    lattice = {"kind": "square", "columns": 40, "rows": 40, "lattice_constant": "180 nm"}
    with pytest.raises(ValidationError, match=r"islands \d+ and \d+ overlap"):
        ice(lattice=lattice, island={"length": "100 um", "width": "40 nm"})


def test_what_is_large_but_sensible_is_taken(make_spec):
    protocol = {"steps": [TRAIN | {"count": 5000}], "sampling_interval": "0.3 ns"}
    assert make_spec(protocol=protocol).protocol.frame_count == 5001
