import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rows import rows

from analysis import avalanches, fit_power_law, macrospins
from analysis import flips as list_flips
from analysis.spin_ice.avalanche_kernels import depths, neighbours_by_vertex
from analysis.spin_ice.avalanches import first_avalanches

from .ice_states import PITCH, islands_of


def flips_of(island, step, t=None):
    island, step = np.asarray(island, dtype=np.int64), np.asarray(step, dtype=np.int64)
    along = {"step": ("flip", step)} if t is None else {"t": ("flip", np.asarray(t, dtype=float), {"units": "s"})}
    direction = np.ones(len(island), dtype=np.int8)
    return xr.Dataset(
        {"island": ("flip", island), "frame": ("flip", step), "direction": ("flip", direction)}, coords=along
    )


def by_definition(island, step, vertices, window):
    """Avalanches from all pairs of flips, spreading from one to the next."""
    near = [
        [
            abs(int(step[one]) - int(step[other])) <= window
            and (island[one] == island[other] or bool(vertices[island[one]] & vertices[island[other]]))
            for other in range(len(island))
        ]
        for one in range(len(island))
    ]
    label, number = [-1] * len(island), 0
    for start in range(len(island)):
        if label[start] >= 0:
            continue
        to_visit = [start]
        while to_visit:
            flip = to_visit.pop()
            if label[flip] < 0:
                label[flip] = number
                to_visit += [other for other in range(len(island)) if near[flip][other]]
        number += 1
    return label, near


SQUARE, KAGOME = islands_of(3), islands_of(2, kind="kagome")


@settings(max_examples=80, deadline=None)
@given(
    lattice=st.sampled_from([SQUARE, KAGOME]),
    record=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 11)), max_size=40),
    window=st.integers(0, 3),
    sequential=st.booleans(),
)
@example(lattice=SQUARE, record=[(4, 6), (4, 6), (5, 6)], window=1, sequential=False)
def test_avalanches_are_those_of_the_definition(lattice, record, window, sequential):
    record = sorted(record, key=lambda each: each[0])
    step = np.array([each[0] for each in record], dtype=np.int64)
    island = np.array([each[1] % lattice.sizes["island"] for each in record], dtype=np.int64)
    vertices = [{int(end) for end in ends if end >= 0} for ends in lattice["island_vertex"].values]
    label, near = by_definition(island, step, vertices, window)
    found = avalanches(flips_of(island, step), lattice, window, sequential=sequential)
    assert found["flip_avalanche"].values.tolist() == label
    assert found["size"].sum() == len(record)
    assert found["generation_size"].sum() == len(record)
    for flip in range(len(record)):
        earlier = [other for other in range(flip) if near[flip][other] and (sequential or step[other] < step[flip])]
        last = max((other if sequential else step[other] for other in earlier), default=None)
        expected = next((other for other in earlier if (other if sequential else step[other]) == last), -1)
        assert found["flip_trigger"].values[flip] == expected
        before = found["flip_generation"].values[expected] if expected >= 0 else -1
        assert found["flip_generation"].values[flip] == before + 1


def test_measures_of_one_avalanche():
    # A row of horizontal islands and one that flips elsewhere, much later.
    centre, axis = SQUARE["position"].values, SQUARE["axis"].values
    row = np.flatnonzero((np.abs(axis[:, 0]) > 0.5) & (np.abs(centre[:, 1] - centre[:, 1].min()) < 1e-9))
    row = row[np.argsort(centre[row, 0])]
    assert len(row) == 3
    far = int(np.argmax(centre.sum(axis=1)))
    found = avalanches(flips_of([*row, row[2], far], [7, 8, 9, 10, 40]), SQUARE, 1)
    first = found.isel(avalanche=0)
    assert found["size"].values.tolist() == [4, 1]
    assert (first["islands"], first["generations"], first["frames"], first["duration"]) == (3, 4, 4, 3)
    assert (first["start"], first["end"], first["start_frame"], first["start_island"]) == (7, 10, 7, row[0])
    np.testing.assert_array_equal(first["start_position"], centre[row[0]])
    np.testing.assert_allclose(first["radius_of_gyration"], PITCH * np.sqrt(2 / 3))
    np.testing.assert_allclose(first["bounding_box"], [2 * PITCH, 0], atol=1e-15)
    np.testing.assert_allclose(first["bounding_length"], 2 * PITCH)
    # Four generations of one flip, the last of which triggers none.
    assert first["branching_ratio"] == 0.75
    assert found["generation_size"].values.tolist() == [2, 1, 1, 1]
    assert found["branching"].values.tolist() == [0.5, 1, 1, 0]
    assert found["radius_of_gyration"][1] == 0
    assert found["duration"].attrs["units"] == "1"


def test_window_in_seconds_holds_to_its_end_in_spite_of_rounding():
    t = np.arange(40) * 0.1e-9
    found = avalanches(flips_of(np.zeros(40), np.arange(40), t), SQUARE, 0.1e-9)
    assert found["size"].values.tolist() == [40]
    assert found["duration"].attrs["units"] == "s"
    assert avalanches(flips_of(np.zeros(40), np.arange(40), t), SQUARE, 0.09e-9).sizes["avalanche"] == 40


def branching_process(ratio, trees, seed):
    """Trees of a Galton-Watson process with Poisson numbers of children, as flips of islands that share vertices.

    The vertex at an island's head holds the tails of those that it triggers.
    """
    rng = np.random.default_rng(seed)
    step, parents, start = [], [], 0
    for _ in range(trees):
        living, at = [len(parents)], start
        step.append(at)
        parents.append(-1)
        while living:
            at += 1
            children = np.repeat(living, rng.poisson(ratio, len(living)))
            living = range(len(parents), len(parents) + len(children))
            parents += children.tolist()
            step += [at] * len(children)
        start = at + 10
    islands = len(parents)
    lattice = xr.Dataset(
        {
            "position": (("island", "component"), np.zeros((islands, 2)), {"units": "m"}),
            "axis": (("island", "component"), np.tile([1.0, 0.0], (islands, 1)), {"units": "1"}),
            "length": ("island", np.full(islands, 120e-9), {"units": "m"}),
            "width": ("island", np.full(islands, 40e-9), {"units": "m"}),
            "island_vertex": (("island", "end"), np.stack([parents, np.arange(islands)], axis=1), {"units": "1"}),
            "vertex_position": (("vertex", "component"), np.zeros((islands, 2)), {"units": "m"}),
            "coordination": ("vertex", np.full(islands, 2), {"units": "1"}),
        },
        coords={"component": ["x", "y"], "end": ["tail", "head"]},
    )
    return flips_of(np.arange(islands), step), lattice, parents


@pytest.mark.parametrize("ratio", [0.5, 0.9])
def test_branching_of_a_process_with_a_known_ratio(ratio):
    flips, lattice, parents = branching_process(ratio, 3000, seed=3)
    found = avalanches(flips, lattice, 1)
    assert found.sizes["avalanche"] == 3000
    assert found["flip_trigger"].values.tolist() == parents
    # Poisson numbers of children: the error of n_(g+1)/n_g is sqrt(ratio / n_g).
    sizes = found["generation_size"].values
    many = np.flatnonzero(sizes >= 100)
    assert len(many) > 3
    pull = (found["branching"].values[many] - ratio) / np.sqrt(ratio / sizes[many])
    assert np.abs(pull).max() < 4
    # A Galton-Watson tree has the mean size 1 / (1 - ratio), with the variance ratio / (1 - ratio)^3.
    expected, spread = 1 / (1 - ratio), np.sqrt(ratio / (1 - ratio) ** 3 / 3000)
    assert abs(found["size"].values.mean() - expected) < 4 * spread


def test_blocks_of_flips_are_joined_with_each_other(monkeypatch):
    rng = np.random.default_rng(5)
    flips = flips_of(rng.integers(0, 24, 200), np.sort(rng.integers(0, 100, 200)))
    whole = [avalanches(flips, SQUARE, 1, sequential=sequential) for sequential in (False, True)]
    monkeypatch.setattr("analysis.spin_ice.avalanche_kernels._BLOCK", 7)
    for each, sequential in zip(whole, (False, True), strict=True):
        xr.testing.assert_identical(each, avalanches(flips, SQUARE, 1, sequential=sequential))


def test_sizes_of_trees_have_the_exponent_and_the_cut_off_of_the_closed_form():
    """Borel's law: exp(-r n) (r n)^(n-1) / n!, which is n^-3/2 exp(-(r - 1 - ln r) n) but for 1/(12 n)."""
    ratio = 0.9
    flips, lattice, _ = branching_process(ratio, 20_000, seed=5)
    sizes = avalanches(flips, lattice, 1)["size"]
    fitted = fit_power_law(sizes, minimum=10, resamples=20)
    assert fitted["verdict"] == "power law with a cut-off"
    cut = fitted.sel(alternative="power_law_with_cut_off")
    assert cut["alternative_exponent_error"] < 0.06
    assert abs(cut["alternative_exponent"] - 1.5) < 3 * cut["alternative_exponent_error"]
    assert cut["alternative_rate"] == pytest.approx(ratio - 1 - np.log(ratio), rel=0.2)


def test_the_loop_that_oommf_computed_is_one_avalanche(square_ice_run):
    run, islands, labels = square_ice_run
    found = avalanches(list_flips(macrospins(run, islands, labels).spin), islands)
    assert found["size"].values.tolist() == [24]
    assert found["islands"].values.tolist() == [24]
    assert found["start_frame"].values.tolist() == [5]
    np.testing.assert_allclose(found["bounding_box"][0], 3 * PITCH, rtol=1e-6)


def test_islands_know_the_first_avalanche_that_they_were_in():
    found = avalanches(flips_of([4, 0, 4, 1], [1, 5, 9, 9]), SQUARE)
    first = first_avalanches(found, SQUARE).values
    assert first[[4, 0]].tolist() == [0, 1]
    assert first[1] == found["flip_avalanche"][3]
    assert (np.delete(first, [0, 1, 4]) == -1).all()


def test_no_flips_are_no_avalanches():
    found = avalanches(flips_of([], []), SQUARE)
    assert dict(found.sizes) == {"flip": 0, "avalanche": 0, "generation": 0, "component": 2}


def test_neighbours_on_square_ice_are_six_and_itself():
    lattice = islands_of(8)
    neighbours = neighbours_by_vertex(lattice["island_vertex"].values, lattice.sizes["vertex"])
    count = np.diff(neighbours.first)
    assert count.max() == 7
    inside = lattice["coordination"].values[lattice["island_vertex"].values].min(axis=1) == 4
    assert inside.sum() > 50
    assert (count[inside] == 7).all()


def test_depths_of_a_long_chain():
    assert depths(np.arange(1000) - 1).tolist() == list(range(1000))


@rows(
    ("flips", "window", "said"),
    [
        (flips_of([0, 24], [0, 1]), 0, "name island 24; the lattice has the islands 0 to 23"),
        (flips_of([-1], [0]), 0, "name island -1"),
        (flips_of([0, 1], [3, 2]), 0, "flips.frame falls; sort the flips by frame"),
        (flips_of([0, 1], [3, 4], [1.0, 0.5]), 0, "t of flips falls or is not finite; sort the flips along t"),
        (flips_of([0], [0]), -1, "window is -1; give a finite number of steps"),
        (flips_of([0], [0], [0.0]), np.nan, "window is nan; give a finite number of s"),
        (flips_of([0], [0]).drop_vars("step"), 0, "must have one of t"),
        (flips_of([0], [0]).drop_vars("island"), 0, "not 'island'"),
    ],
)
def test_bad_input_is_said(flips, window, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        avalanches(flips, SQUARE, window)


def test_a_lattice_without_vertices_is_said():
    lattice = SQUARE.assign(island_vertex=xr.full_like(SQUARE["island_vertex"], -1))
    with pytest.raises(ValueError, match="vertex_distance"):
        avalanches(flips_of([0], [0]), lattice)
