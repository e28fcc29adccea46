"""Ports: which islands are written and read."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries.spin_ice.ports import Port

HELD = {"name": "in", "role": "held", "sites": [0, 1], "field": "200 kA/m"}


def test_the_dataset_says_which_island_is_in_which_port(ice, soft):
    ports = [HELD, {"name": "output", "role": "readout", "sites": [20, 5]}]
    islands = ice(ports=ports, missing={"sites": [3]}).islands(soft)
    port = dict(zip(islands.site.values.tolist(), islands.port.values.tolist(), strict=True))
    assert {site: name for site, name in port.items() if name} == {0: "in", 1: "in", 5: "output", 20: "output"}


@rows(
    ("keys", "message"),
    [
        ({"sites": []}, "port 'in' has no islands"),
        ({"sites": [2, 1, 2]}, "sites has 2 twice"),
        ({"field": None}, "port 'in' is held, but its field is None"),
        ({"field": -1}, "is held, but its field is -1.0"),
        ({"role": "readout"}, "which only a held port needs"),
        ({"role": "output"}, "'held', 'driven' or 'readout'"),
        ({"name": ""}, "at least 1 character"),
        ({"sites": [-1]}, "greater than or equal to 0"),
    ],
)
def test_what_no_port_is(keys, message):
    with pytest.raises(ValidationError, match=message):
        Port(**HELD | keys)


def rule(**keys):
    return [{"name": "out", "role": "readout", "sites": keys}]


@rows(
    ("ports", "message"),
    [
        ([HELD | {"sites": [24]}], "port 'in' names site 24, but the lattice has 24 sites; use labels from 0 to 23"),
        ([HELD | {"sites": [3]}], "port 'in' names site 3, where the island is missing"),
        ([HELD, HELD | {"name": "out", "sites": [1]}], "site 1 is in the ports 'in' and 'out'"),
        ([HELD, HELD | {"sites": [2]}], "ports has 'in' twice"),
        (rule(of="vertcal"), r"port 'out': sites.of = 'vertcal' is no kind of island .* did you mean 'vertical'\?"),
        (rule(not_in=["in"]), "port 'out': sites.not_in has 'in', which is no port before this one; those are none"),
        (rule(x=("10 um", "11 um")), "port 'out' has no islands: none is where"),
        (rule(every=0), "greater than or equal to 1"),
        (rule(evry=2), r"unknown key 'evry' in SiteRule; did you mean 'every'\?"),
        ([HELD, *rule(count=2)], "site 0 is in the ports 'in' and 'out'"),
    ],
)
def test_ports_that_this_ice_cannot_have(ice, ports, message):
    with pytest.raises(ValidationError, match=message):
        ice(ports=ports, missing={"sites": [3]})


def test_a_rule_takes_every_nth_of_a_kind_in_a_place(ice, soft):
    islands = ice().islands(soft)
    kind, x = islands.kind.values, islands.position.values[:, 0]
    assert ice(ports=rule(of="vertical")).port_sites()["out"] == tuple(np.flatnonzero(kind == "vertical"))
    assert ice(ports=rule(every=5, first=2)).port_sites()["out"] == tuple(range(2, 24, 5))
    assert ice(ports=rule(every=5, first=2, count=3)).port_sites()["out"] == (2, 7, 12)
    # The border is on the centres of one column, which the upper interval has.
    border = float(np.unique(x[kind == "vertical"])[1])
    below, above = ((0, border), (border, 1e-6))
    assert ice(ports=rule(of="vertical", x=below)).port_sites()["out"] == tuple(
        np.flatnonzero((kind == "vertical") & (x < border - 1e-9))
    )
    assert ice(ports=rule(of="vertical", x=above)).port_sites()["out"] == tuple(
        np.flatnonzero((kind == "vertical") & (x > border - 1e-9))
    )


def test_a_rule_takes_what_is_in_no_other_port(ice, soft):
    made = ice(ports=[HELD, *rule(not_in=["in"])])
    assert made.port_sites() == {"in": (0, 1), "out": tuple(range(2, 24))}
    port = made.islands(soft).port.values
    assert port.tolist() == ["in"] * 2 + ["out"] * 22


def test_missing_islands_are_left_out_and_shift_no_other(ice):
    assert ice(ports=rule(every=5), missing={"sites": [5, 6]}).port_sites()["out"] == (0, 10, 15, 20)


def test_disorder_does_not_move_an_island_into_a_port(ice):
    ports = rule(x=(0, "200 nm"))
    moved = ice(ports=ports, disorder={"position": "5 nm", "seed": 1})
    assert moved.port_sites() == ice(ports=ports).port_sites()


def test_a_rule_is_as_good_as_a_list(ice, soft):
    held = {"name": "in", "role": "held", "field": "200 kA/m"}
    by_rule, by_list = ice(ports=[held | {"sites": {"count": 2}}]), ice(ports=[HELD])
    np.testing.assert_array_equal(by_rule.bias_field(), by_list.bias_field())
    assert str(by_rule) == str(by_list)
    assert type(by_rule).model_validate_json(by_rule.model_dump_json()) == by_rule
