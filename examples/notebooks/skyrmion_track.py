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
# # A skyrmion in a track, step by step
#
# What `solitons run skyrmion-track` does, on fewer and shorter runs and by hand: describe a track, push its skyrmion by
# currents, find it in every frame, fit Thiele's equation to some runs, predict another one and the current at which the
# track's edge lets the skyrmion go; then make a synapse of a row of skyrmions, and ask how long it remembers. It uses
# the native engine, so that it runs anywhere; change `ENGINE` to `"oommf"` for the reference.

# %%
# %matplotlib inline
import matplotlib.pyplot as plt
import numpy as np

from analysis import drift, find_skyrmions, plot_skyrmions
from geometries import SkyrmionTrack
from runs import ConstantCurrent, Protocol, Rest, RunSpec, simulate
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.skyrmions import (
    expulsion_of,
    fit_thiele,
    outline_near_edge,
    retention_time,
    synapse_of,
    trajectory_from,
)
from solitons.skyrmions.runs import skyrmion_of

ENGINE = "native"

# %% [markdown]
# ## The track
#
# A film of cobalt on platinum, in which interfacial DMI makes skyrmions, on a heavy metal that carries the current.

# %%
track = SkyrmionTrack(
    path={"kind": "straight", "length": "180 nm"},
    width="60 nm",
    thickness="1 nm",
    cell=("2.5 nm", "2.5 nm", "1 nm"),
    skyrmions=[{"position": ("45 nm", "30 nm"), "radius": "8.4 nm", "width": "4.2 nm"}],
)
film = {
    "name": "cobalt on platinum",
    "Ms": "580 kA/m",
    "A": "15 pJ/m",
    "Ku": "0.8 MJ/m^3",
    "D": "3.2 mJ/m^2",
    "alpha": 0.3,
    "spin_hall_angle": 0.1,
}
track

# %% [markdown]
# ## The runs
#
# A short rest, in which the skyrmion settles where it is (a minimiser would take it to the middle of the track), then a
# constant current.

# %%
currents = [0.15e12, 0.3e12, 0.45e12, 0.55e12]
specs = [
    RunSpec(
        device=track,
        material=film,
        protocol=Protocol(
            steps=[Rest(duration="0.15 ns"), ConstantCurrent(amplitude=current, duration="0.8 ns")],
            sampling_interval="50 ps",
        ),
        engine=ENGINE,
    )
    for current in currents
]
runs = [simulate(spec) for spec in specs]

# %% [markdown]
# ## What they show
#
# Every skyrmion has a name, a centre to hundredths of a cell, a size and a charge. The Magnus force turns it aside
# until the edge pushes back.

# %%
found = find_skyrmions(runs[-1])
plot_skyrmions(found, runs[-1])

# %%
moved = drift(found, between=(0.2e-9, 0.4e-9))
print(f"speed {float(moved.speed[0]):.1f} m/s, Hall angle {np.degrees(float(moved.hall_angle[0])):.1f} degrees")
print(f"charge {float(found.charge[0, 0]):.3f}, radius {float(found.radius[0, 0]) * 1e9:.1f} nm")

# %% [markdown]
# ## Thiele's equation
#
# Gyrovector, dissipation and the current's torque are integrals over the skyrmion's own texture; what is fitted is how
# the edges push, and by how much the torque is off. The run at 0.3e12 A/m2 takes no part.

# %%
trajectories = [trajectory_from(run, spec) for run, spec in zip(runs, specs, strict=True)]
held_out = trajectories[1]
trained = [each for each in trajectories if each is not held_out]
fit = fit_thiele(trajectories, skyrmion_of(specs[0], trained), held_out=[held_out.run_id])
for parameter in fit.parameters:
    print(f"{parameter.name:26} {parameter.value:10.3g} [{parameter.low:.3g}, {parameter.high:.3g}] {parameter.unit}")
print(f"held-out error {fit.held_out_error * 1e9:.2f} nm, {fit.held_out_error / fit.width:.2%} of the width")
assert fit.held_out_error / fit.width < 0.02

# %%
figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for each, current in zip(trajectories, currents, strict=True):
    label = f"{current / 1e12:.2f}e12 A/m2" + (", held out" if each is held_out else "")
    (line,) = ax.plot(*(1e9 * each.position.T), "o", markersize=4, label=label)
    ax.plot(*(1e9 * fit.path_of(each).T), color=line.get_color())
ax.axhspan(-4, 0, color="0.85")
ax.axhspan(60, 64, color="0.85")
ax.set(xlabel="x (nm)", ylabel="y (nm)", ylim=(-4, 64))
ax.set_title("micromagnetics (dots) and Thiele's equation (lines)", fontsize="medium")
ax.legend(frameon=False, fontsize="small", loc="lower left", ncols=2)

# %% [markdown]
# ## The current that expels it
#
# From runs below it only. `solitons run skyrmion-track` checks it by two more runs, and says in its verdict how far to
# trust the number; here the runs are short.

# %%
strongest = trained[-1]
expulsion = expulsion_of(
    fit.dynamics,
    strongest.current_density,
    float(strongest.time[-1] - strongest.time[0]),
    (float(strongest.position[0, 0]), float(strongest.position[0, 1])),
    begin=float(strongest.time[0]),
    outline=outline_near_edge(trained),
)
print(f"the edge lets it go at {expulsion.current / 1e12:.2f}e12 A/m2 in such a run")

# %% [markdown]
# ## A synapse that counts skyrmions, and how long it remembers
#
# A row of five skyrmions, 80 nm apart, that pulses shift under a junction: six levels of conductance. Nothing pins the
# row, so that heat lets it diffuse, and a level is lost within some nanoseconds: a memory needs places that hold its
# skyrmions.

# %%
size = (8.4e-9, 4.2e-9)
read_out = JunctionReadOut(resistance_area="10 ohm*um^2", tmr=1.5)
synapse = synapse_of(fit.dynamics, size, read_out, count=5, pitch=80e-9)
levels = [float(synapse.conductance(synapse.at(synapse.reset(), synapse.level_coordinate(n)))) for n in range(6)]
print("levels in uS:", np.round(1e6 * np.array(levels), 1))
for temperature in (10.0, 100.0, 300.0):
    time = retention_time(synapse, 2, temperature=temperature)
    print(f"{temperature:3.0f} K: the third level is wrong with a probability of 5 % after {time * 1e9:.1f} ns")
assert np.all(np.diff(levels) != 0)
