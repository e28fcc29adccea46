"""Ports: which islands are written and read."""

import pytest
from pydantic import ValidationError

from geometries import Port

HELD = {"name": "in", "role": "held", "sites": [0, 1], "field": "200 kA/m"}


def test_the_dataset_says_which_island_is_in_which_port(ice, soft):
    ports = [HELD, {"name": "output", "role": "readout", "sites": [20, 5]}]
    islands = ice(ports=ports, missing={"sites": [3]}).islands(soft)
    port = dict(zip(islands.site.values.tolist(), islands.port.values.tolist(), strict=True))
    assert {site: name for site, name in port.items() if name} == {0: "in", 1: "in", 5: "output", 20: "output"}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"sites": []}, "port 'in' has no islands"),
        ({"sites": [2, 1, 2]}, "port 'in' has site 2 twice"),
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


@pytest.mark.parametrize(
    ("ports", "message"),
    [
        ([HELD | {"sites": [24]}], "port 'in' names site 24, but the lattice has 24 sites; use labels from 0 to 23"),
        ([HELD | {"sites": [3]}], "port 'in' names site 3, where the island is missing"),
        ([HELD, HELD | {"name": "out", "sites": [1]}], "site 1 is in the ports 'in' and 'out'"),
        ([HELD, HELD | {"sites": [2]}], "ports has 'in' twice"),
    ],
)
def test_ports_that_this_ice_cannot_have(ice, ports, message):
    with pytest.raises(ValidationError, match=message):
        ice(ports=ports, missing={"sites": [3]})
