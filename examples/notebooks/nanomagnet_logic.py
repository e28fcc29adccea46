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
# # Logic of nanomagnets, and problems that they fall to
#
# A majority gate, a chain that a current clocks, the heat of erasing a bit, and a contour that an array of magnets
# finds. All are the magnets as moments in each other's stray fields, which takes seconds; the campaigns `nml-erasure`
# and `nanomagnet-vision` have the numbers with their errors, and micromagnetics.

# %%
# %matplotlib inline
import itertools
import math

import matplotlib.pyplot as plt
import numpy as np

from geometries import Material, demagnetising_factors
from geometries.magnet_logic import SPIN_ORBIT, free_array, majority_gate, wire, with_hard_inputs, with_heavy_metal
from runs import clearing_densities, spin_orbit_pulses
from solitons.campaigns.magnet_logic.nanomagnet_vision.images import affinities, draw, edge_segments
from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import Image
from solitons.magnet_logic import (
    ERASURE,
    anneal,
    array_ising,
    array_macrospins,
    biaxial_magnet,
    binary_ising,
    coupling_residual,
    follow_protocol,
    follow_ramps,
    ground_states,
    perform,
    place_magnets,
    slow_limit,
)

permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)

# %% [markdown]
# ## A gate
#
# Three inputs about a magnet. A field along x, their hard axis, falls from 120 kA/m in 5 ns and lets centre and output
# choose. The centre takes the majority of a, not b, c, and the output is its inverse.

# %%
rows = []
for a, b, c in itertools.product((1, -1), repeat=3):
    gate = majority_gate((a, b, c))
    moments = array_macrospins(gate, permalloy)
    held = gate.held_fields()
    clock = np.zeros_like(held)
    clock[:, 0] = 1.2e5
    start = np.array([[[0.1, magnet.state, 0] for magnet in gate.magnets]])
    run = follow_ramps(moments, start, [1e-9, 5e-9], [held, held + clock, held], seed=1)
    rows.append((a, b, c, float(run.m.values[0, -1, 4, 1])))
for a, b, c, out in rows:
    print(f"a, b, c = {a:2d}, {b:2d}, {c:2d}   output {out:+.2f}   majority {'yes' if out * (a - b + c) < 0 else 'no'}")
assert all(out * (a - b + c) < 0 for a, b, c, out in rows)

# %% [markdown]
# ## A current as the clock
#
# Three flat discs behind an input, with bits along the normal, over a heavy metal. While a current flows its spins hold
# the discs in the plane; then each falls against its neighbours. The input has a larger anisotropy, which the current
# does not overcome.

# %%
film = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
chain = with_hard_inputs(with_heavy_metal(wire(4, -1, grid=SPIN_ORBIT)), 4.5e5)
needed = clearing_densities(chain, film)
pulses = spin_orbit_pulses(chain, film, ramp=1e-9, hold=2.5e-9, settle=5e-9)
cold = follow_protocol(chain, film, pulses, longest_ramp=2e-11).isel(member=0)
warm = follow_protocol(chain, film, pulses, temperature=300.0, members=100, longest_ramp=1e-8).isel(t=-1)
wrong = int((warm.value.sel(magnet="out") != 1).sum())
print(f"the current clears m1 from {needed['m1']:.2g} A/m2 on, and would clear the input at {needed['in']:.2g} A/m2")
print(f"at 300 K {wrong} of 100 outputs are wrong")
assert cold.value.isel(t=-1).values.tolist() == [-1, 1, -1, 1]

fig, ax = plt.subplots(figsize=(5.5, 3.5), layout="constrained")
for name in cold.magnet.values:
    ax.plot(cold.t * 1e9, cold.projection.sel(magnet=name), label=name)
ax.axvspan(0, 3.5, color="grey", alpha=0.2, label="current")
ax.set(title="a current clocks a chain", xlabel="t (ns)", ylabel="m along the normal")
ax.legend()

# %% [markdown]
# ## A bit that is erased
#
# An ellipse of 30 nm x 20 nm x 5 nm at 300 K. The work of the fields around their loop tends to k T ln 2.

# %%
bit = biaxial_magnet(
    math.pi / 4 * 30e-9 * 20e-9 * 5e-9,
    permalloy.Ms,
    demagnetising_factors(30e-9, 20e-9, 5e-9),
    damping=0.1,
    temperature=300.0,
)
h_k = bit.anisotropy_field()
times = np.array([1e-9, 2e-9, 4e-9])
heats = []
for time in times:
    work = perform(bit, ERASURE, time, bias=0.3 * h_k, hard_field=1.25 * h_k, members=400, seed=1)["work"].sum("ramp")
    work = work.values / bit.thermal_energy
    heats.append((work.mean(), work.std(ddof=1) / math.sqrt(len(work))))
heat, error = np.array(heats).T
limit = slow_limit(times, heat, error)

fig, ax = plt.subplots(figsize=(5.5, 3.5), layout="constrained")
ax.errorbar(1e-9 / times, heat, 1.96 * error, fmt="o", label="400 bits each, 95 %")
ax.plot([0, 1], limit.heat + limit.slope * np.array([0, 1]) * 1e9, label="Q∞ + c/τ")
ax.axhline(math.log(2), color="black", linestyle="--", label="kT ln 2")
ax.set(xlabel="1 / ramp time (1/ns)", ylabel="heat (kT)", ylim=(0, None))
ax.legend()
# %% [markdown]
# ## A contour
#
# Twelve elements of an edge, five of them along a contour. What is salient has the least sum of costs less affinities;
# the places of the magnets are looked for so that their stray fields are those affinities.

# %%
image = Image(name="contour", source="contour", segments=12, contour=5, seed=21)
picture, contour = draw(image)
segments = edge_segments(picture, image.segments)
wanted = affinities(segments)
problem = binary_ising(wanted, 0.5)
exact = ground_states(problem).states[0]
assert (anneal(problem, seed=1)[0] == exact).all()

pitch = 130e-9
placement = place_magnets(wanted, box=(7, 4), turned=False, seed=1, size=(0.77, 0.77))
discs = free_array(placement.places * pitch, length=100e-9, thickness=20e-9, cell=(5e-9, 5e-9, 20e-9))
residual = coupling_residual(array_ising(discs, permalloy).couplings, wanted)
print(f"residual of the couplings: {residual:.2f}")

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
left.imshow(picture, cmap="gray")
for (x, y), angle, spin in zip(segments.places, segments.angles, exact, strict=True):
    along = 5 * np.array([np.cos(angle), np.sin(angle)])
    left.plot([x - along[0], x + along[0]], [y - along[1], y + along[1]], color="C1" if spin > 0 else "C0")
left.set_title("segments; salient ones in orange", fontsize=11)
left.set(xticks=[], yticks=[])
right.scatter(*(placement.places.T * pitch * 1e9), s=350, c=["C1" if spin > 0 else "C0" for spin in exact])
right.set(title="the magnets' places", xlabel="x (nm)", ylabel="y (nm)", aspect="equal")
