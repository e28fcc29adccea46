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
# # A domain-wall synapse, step by step
#
# What `solitons run dw-smooth` does, on a smaller sweep and by hand: describe a stripe, push its wall by current
# pulses, see where it went, fit the collective-coordinate model to some runs, predict the others, and make a synapse
# and a neuron of it. It uses the native engine, so that it runs anywhere; change `ENGINE` to `"oommf"` for the
# reference.

# %%
# %matplotlib inline
import tempfile

import numpy as np

from analysis import (
    plot_conductance,
    plot_magnetisation,
    plot_positions,
    pulses,
    thiele_width,
    tunnel_junction,
    walls,
)
from geometries import Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec, execute, open_run
from solitons import Axis, DomainWallNeuron, DomainWallSynapse, open_campaign
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.devices import count_levels, trace
from solitons.domain_walls import fit_wall, junction_over, trajectory_from, wall_from_material
from solitons.domain_walls.fit import rest_errors

ENGINE = "native"
STORE = tempfile.mkdtemp()  # a folder of your own keeps the runs

# %% [markdown]
# ## The device
#
# A perpendicular stripe with one Neel wall near its left end, on a heavy metal whose spin current pushes the wall, and
# a tunnel junction over most of it. DMI holds the wall's angle, so that the wall comes to rest between pulses. A
# quantity may be written with its unit.

# %%
stripe = Stripe(
    length="256 nm",
    width="32 nm",
    thickness="1 nm",
    cell=("4 nm", "4 nm", "1 nm"),
    walls=[{"position": "64 nm", "kind": "neel"}],
    readout_window={"x": ("40 nm", "216 nm")},
    terminals=[{"kind": "heavy_metal", "name": "metal"}],
)
film = {
    "name": "Pt/Co-like film",
    "Ms": "600 kA/m",
    "A": "12 pJ/m",
    "Ku": "0.5 MJ/m^3",
    "D": "0.3 mJ/m^2",
    "alpha": 0.3,
    "spin_hall_angle": 0.1,
}
stripe

# %% [markdown]
# ## The runs
#
# Three pulses push the wall to the right, three push it back.

# %%
there = CurrentPulses(
    amplitude="0.5e12 A/m^2", width="0.3 ns", rise="50 ps", period="1 ns", count=3, polarity="positive"
)
back = there.model_copy(update={"polarity": "negative"})
base = RunSpec(
    device=stripe,
    material=film,
    protocol=Protocol(steps=[Relax(), there, back], sampling_interval="50 ps"),
    engine=ENGINE,
)
campaign = SynapseCampaign(
    name="notebook",
    base=base,
    sweep=[
        Axis(
            name="amplitude",
            unit="A/m^2",
            fields=["protocol.steps.1.amplitude", "protocol.steps.2.amplitude"],
            values=[0.2e12, 0.5e12, 0.8e12],
        ),
        Axis(
            name="width",
            unit="s",
            fields=["protocol.steps.1.width", "protocol.steps.2.width"],
            values=["0.2 ns", "0.3 ns"],
        ),
    ],
    extract={"resistance_area": "10 ohm*um^2", "tmr": 1.5},
    fit={"held_out": 2},
)
for report in execute(campaign.specs(ENGINE), STORE):
    print(report.run_id, report.in_words, report.note)
assert report.outcome == "computed"

# %% [markdown]
# All of them as one lazy Dataset, a swept parameter a dimension:

# %%
everything = open_campaign(campaign, STORE, ENGINE)
everything

# %% [markdown]
# ## What one run did

# %%
run_id = everything.run_id.sel(amplitude=0.8e12, width=0.3e-9).item()
spec = next(each for each in campaign.specs(ENGINE) if each.run_id == run_id)
run = open_run(run_id, STORE)
found = walls(run)
plot_magnetisation(run, [0.0, 1.5e-9, 3e-9, 6e-9], walls=found)

# %%
plot_positions(found, run)

# %% [markdown]
# Conductance, not resistance, is linear in the wall's position: the two domains under the junction conduct in parallel.

# %%
junction = tunnel_junction(
    run,
    stripe.window_mask(),
    resistance_area=campaign.extract.resistance_area,
    tmr=campaign.extract.tmr,
)
train = pulses(run, found, junction, pulse_edges=spec.protocol.pulse_edges())
plot_conductance(train).figure

# %% [markdown]
# ## The fit
#
# The wall's width is seen in every frame. The field of the DMI and the damping-like field per current are fitted to
# four runs; the other two are predicted. The intervals count how the values change as each run is left out: four runs
# leave much open.

# %%
trajectories = []
widths = []
for each in campaign.specs(ENGINE):
    one = open_run(each.run_id, STORE)
    its_walls = walls(one)
    widths.append(float(thiele_width(one, its_walls).median()))
    trajectories.append(trajectory_from(one, its_walls, length=stripe.length))

start = wall_from_material(
    base.material,
    polarity=trajectories[0].polarity,
    thickness=stripe.thickness,
    stripe_width=stripe.width,
    torques=["spin-orbit"],
    width=float(np.median(widths)),
    cell=stripe.cell[0],
)
held_out = everything.run_id.sel(amplitude=0.5e12).values.tolist()
fit = fit_wall(
    trajectories,
    start,
    held_out=held_out,
    free=["dmi_field", "damping_like_per_current"],
    knots=0,
)
for parameter in fit.parameters:
    print(f"{parameter.name:24} {parameter.value:11.4g} [{parameter.low:.4g}, {parameter.high:.4g}] {parameter.unit}")
print(f"held-out error: {fit.held_out_error * 1e9:.2f} nm, {fit.held_out_error_over_length:.2%} of the stripe")
tests = [run for run in trajectories if run.run_id in fit.provenance.held_out]
levels = count_levels(rest_errors(fit, tests), 176e-9)
print(f"levels 3 sigma apart: {levels.number}, 95 % interval {levels.ci95[0]} to {levels.ci95[1]}")
assert fit.held_out_error_over_length < 0.02

# %% [markdown]
# ## The synapse and the neuron
#
# Both wrap the fitted wall. The synapse's conductance follows the wall; the neuron fires when the wall passes its
# threshold, and starts again.

# %%
synapse = DomainWallSynapse(
    wall=fit.dynamics,
    junction=junction_over(stripe, campaign.extract),
    left=20e-9,
    right=236e-9,
    rest_angle=fit.start_angle,
)
low = synapse.conductance(synapse.reset())
print(f"lowest conductance {float(low) * 1e6:.0f} uS")

neuron = DomainWallNeuron(wall=fit.dynamics, start=64e-9, threshold=180e-9, rest_angle=fit.start_angle)
time, position, spikes = trace(neuron, [0.2e12, 0.8e12], width=0.3e-9, rise=50e-12, period=1e-9, count=20)
print("spikes in 20 ns at 0.2 and 0.8e12 A/m2:", spikes.sum(axis=1))
assert spikes.sum(axis=1)[1] > spikes.sum(axis=1)[0]
