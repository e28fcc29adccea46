# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Avalanches in an artificial spin ice
#
# A square ice of nanomagnets with disorder is magnetised along its diagonal and turned around by a field. Its islands
# flip, monopoles are born in pairs, run and leave Dirac strings behind, and flips set off others. First in
# micromagnetics, 24 islands; then in the reduced-order lattice, 3,280 of them, where avalanches can be counted.

# %%
# %matplotlib inline
import tempfile

import numpy as np
from IPython.display import Image

from analysis import (
    avalanches,
    dirac_strings,
    film_spins,
    fit_power_law,
    flips,
    macrospins,
    monopoles,
    plot_avalanches,
    plot_distribution,
    plot_spins,
    vertex_fractions,
    vertices,
)
from geometries import Material, SpinIce
from runs import FieldSteps, RampTo, RunSpec, simulate
from solitons.spin_ice import drive_field, dumbbell_couplings, flip_record, lattice_model, spins_at

ENGINE = "native"

# %% [markdown]
# ## The device and the field
#
# Widths differ by a tenth from island to island, which spreads the fields in which they flip. The field points against
# the magnetisation: one step to where the first islands flip, then steps of 2 mT. In each the magnet comes to rest.

# %%
permalloy = Material(name="permalloy", Ms="800 kA/m", A="13 pJ/m", alpha=0.1)
described = {
    "lattice": {"kind": "square", "columns": 3, "rows": 3, "lattice_constant": "220 nm"},
    "island": {"length": "120 nm", "width": "40 nm"},
    "thickness": "10 nm",
    "cell": ("5 nm", "5 nm", "10 nm"),
    "margin": "30 nm",
    "disorder": {"width": 0.1, "seed": 5},
    "initial_spins": {"kind": "saturated", "angle": "42 deg"},
}
ice = SpinIce(**described)
ice

# %%
ramp = [RampTo(to=f"-{size} mT/mu0", angle="42 deg", field_steps=count) for size, count in ((70, 1), (80, 5))]
run = simulate(RunSpec(device=ice, material=permalloy, protocol=FieldSteps(steps=ramp), engine=ENGINE))
run

# %% [markdown]
# ## Islands
#
# The mean magnetisation of an island is its macrospin; its sign along the easy axis is the island's spin. Where its
# length falls below 0.8 there is a wall in the island. Here there is none.

# %%
islands, labels = ice.islands(permalloy), ice.labels()
found = macrospins(run, islands, labels)
print(f"smallest coherence {float(found.coherence.min()):.3f}, islands with a wall: {int(found.has_wall.sum())}")
assert not found.has_wall.any()

turned = flips(found.spin)
field = np.linalg.norm(run.applied_field.values, axis=1) * 4e-4 * np.pi
for step in np.unique(turned.step):
    print(f"step {step:2}, {field[step]:4.1f} mT: islands {turned.island.values[turned.step.values == step].tolist()}")

# %% [markdown]
# ## Vertices and monopoles
#
# Where two of four ends point in, the ice rule holds (types 1 and 2); three in or three out are a monopole. Monopoles
# are followed through the islands that flip: each of them carries a charge from one of its vertices to the other.

# %%
seen = vertices(found.spin, islands)
vertex_fractions(seen).type_fraction.to_pandas()

# %%
followed = monopoles(found.spin, islands)
followed[["charge", "birth_frame", "birth_at", "exit_frame", "exit_at", "flips"]].to_pandas()

# %% [markdown]
# Islands that have flipped since the beginning form Dirac strings, which join monopoles:

# %%
most = int(np.abs(seen.monopole_charge).sum("vertex").argmax("step"))
strings = dirac_strings(found.spin[most], found.spin[0], islands)
plot_spins(found.spin[most], islands, strings=strings).figure

# %%
folder = tempfile.mkdtemp()  # one of your own keeps the film
Image(
    film_spins(
        found.spin,
        islands,
        f"{folder}/ice.gif",
        reference=found.spin[0],
        applied_field=run.applied_field,
        frames_per_second=2,
    )
)

# %% [markdown]
# ## Avalanches
#
# Flips of neighbours, in one field step, are one avalanche.

# %%
joined = avalanches(turned, islands)
number = np.full(islands.sizes["island"], -1)
number[turned.island] = joined.flip_avalanche
print("sizes", joined["size"].values.tolist())
plot_avalanches(number, islands).figure

# %% [markdown]
# ## Enough avalanches to count
#
# The reduced-order lattice flips one macrospin after another, the most unstable first. Here its parameters are rough
# ones, not fitted to micromagnetics: an anisotropy field of 120 kA/m with a spread of 5 %, and dumbbell couplings.

# %%
larger = {"kind": "square", "columns": 40, "rows": 40, "lattice_constant": "220 nm"}
large = SpinIce(**described | {"lattice": larger, "disorder": None}).islands(permalloy)
model = lattice_model(large, dumbbell_couplings(large, cut_off=1e-6), anisotropy_field=1.2e5, spread=0.05, seed=1)
strength = -np.linspace(4e4, 8e4, 401)
driven = drive_field(model, np.ones(model.islands), strength[:, None] * np.full(2, np.sqrt(0.5)))
record = flip_record(driven)
joined = avalanches(record, large, sequential=True)
print(f"{record.sizes['flip']} flips in {joined.sizes['avalanche']} avalanches of up to {int(joined['size'].max())}")
assert record.sizes["flip"] >= model.islands

# %%
fit = fit_power_law(joined["size"])
print(f"{fit.verdict.item()}: {fit.reason.item()}")
plot_distribution(joined["size"], fit).figure

# %%
states = spins_at(driven, range(len(strength)))
step = int(record.frame[record.sizes["flip"] // 10])  # when a tenth has flipped
plot_spins(states[step], large, strings=dirac_strings(states[step], states[0], large)).figure
