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
# # Your own device: from measured pulses to a network
#
# A laboratory has measured how the conductance of a memory device changes with pulses. This notebook makes a synapse of
# the file, with a report of how well it fits, writes the weights of a network into such devices by counted pulses,
# reads handwritten digits with them, and exports the synapse.

# %%
# %matplotlib inline
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from analysis.statistics.proportions import wilson_interval
from solitons import save_model
from solitons.exports import (
    ExportSettings,
    conductance_table,
    export_model,
    fit_pulses,
    read_pulse_data,
    write_table,
)

# %% [markdown]
# ## The file
#
# A row for each reading. The header gives the units. `sign` is that of the pulse before the reading, `cycle` and
# `device` are names; with several devices and cycles, both spreads can be told. Here we make a file up: six devices,
# whose pulses up do less and less, with noise of pulses and of readings. Put the path of your own in its place.

# %%
generator = np.random.default_rng(11)
lines = ["# pulse: 1.2 V, 100 ns", "device,cycle,pulse,sign,conductance (uS)"]
for device in range(1, 7):
    gain = 1 + 0.06 * generator.standard_normal()
    true = 20.0
    for cycle in range(1, 5):
        for number in range(61):
            sign = "" if number == 0 else "+1" if number <= 30 else "-1"
            if number:
                step = 0.09 * (82 - true) if sign == "+1" else -0.11 * (true - 16)
                true = np.clip(true + gain * step + 0.5 * generator.standard_normal(), 16, 82)
            read = true + 0.4 * generator.standard_normal()
            lines.append(f"{device},{cycle},{number},{sign},{read:.4f}")
path = Path("measured.csv")
path.write_text("\n".join(lines))
print("\n".join(lines[:5]))

# %% [markdown]
# ## The fit, and whether it may be used
#
# Some cycles are fitted, others choose among three shapes of a step, and a third part, which neither has seen, gives
# the error. A file with wrong units, a missing column, a gap or too few pulses is refused with the line and the remedy.

# %%
data = read_pulse_data(path)
fit = fit_pulses(data)
print(fit)
synapse = fit.synapse
print(f"noise of a pulse: {1e6 * float(synapse.cycle_up):.2f} uS up, {1e6 * float(synapse.cycle_down):.2f} uS down")
print(f"noise of a reading: {1e6 * float(synapse.read_noise):.2f} uS; devices differ by {float(synapse.gain):.1%}")
assert fit.verdict.verdict != "failed"

table = conductance_table(fit)
figure, (curves, steps) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
for sign, colour, word in ((1, "#0B5C8A", "up"), (-1, "#B0413E", "down")):
    own = table.sel(sign=sign)
    curves.errorbar(own.pulse, 1e6 * own.conductance, 1e6 * own.cycle_spread, fmt=".", color=colour, capsize=2)
    curves.plot(own.pulse, 1e6 * own.model, color=colour, label=f"pulses {word}: fitted")
    nodes = np.linspace(float(synapse.lowest), float(synapse.highest), 101)
    steps.plot(1e6 * nodes, 1e6 * synapse.mean_step(nodes, sign), color=colour, label=f"pulse {word}")
curves.set(xlabel="pulses", ylabel="conductance (µS)")
curves.legend(frameon=False, fontsize="small")
steps.set(xlabel="conductance (µS)", ylabel="mean change by a pulse (µS)")
steps.axhline(0, color="0.7", linewidth=0.8)
_ = steps.legend(frameon=False, fontsize="small")

# %% [markdown]
# ## A network that reads digits
#
# Logistic regression on 8 x 8 pixels. Each weight is the difference of two devices, which are written from their lowest
# conductance by as many pulses as the mean device needs. Devices differ, pulses and readings scatter as was fitted.
# Such noise costs this network nothing that could be seen. With eight times the noise of pulses and the spread of
# devices, counted pulses do cost something, and reading back after each pulse gets most of it back. Each point is
# another set of devices.

# %%
images, digits = load_digits(return_X_y=True)
training, test, known, wanted = train_test_split(images / 16, digits, test_size=0.35, random_state=0, stratify=digits)
network = LogisticRegression(C=0.05, max_iter=2000).fit(training, known)
weights = network.coef_.T
reached = synapse.reached_by_counting()
share = np.stack([np.maximum(weights, 0), np.maximum(-weights, 0)]) / np.abs(weights).max()
target = reached[0] + (reached[-1] - reached[0]) * share


def accuracy(conductance):
    """Share of the test images that are read right."""
    scale = np.abs(weights).max() / (reached[-1] - reached[0])
    outputs = test @ (scale * (conductance[0] - conductance[1])) + network.intercept_
    return float(np.mean(network.classes_[outputs.argmax(axis=1)] == wanted))


noisy = replace(
    synapse, cycle_up=8 * synapse.cycle_up, cycle_down=8 * synapse.cycle_down, gain=8 * synapse.gain, provenance=None
)
found = {"floating point": [network.score(test, wanted)]}
for word, device in (("", synapse), (", 8 times the noise", noisy)):
    for name, verify in (("counted pulses", False), ("read back", True)):
        found[name + word] = [
            accuracy(device.write(target, seed=seed, verify=verify).conductance) for seed in range(10)
        ]
figure, ax = plt.subplots(figsize=(6, 2.6), layout="constrained")
for row, (name, values) in enumerate(found.items()):
    low, high = wilson_interval(round(np.mean(values) * wanted.size), wanted.size)
    ax.plot(values, np.full(len(values), row), "o", color="#D55E00", alpha=0.5)
    print(f"{name}: {np.mean(values):.1%} (95 % interval by the images {low:.1%} to {high:.1%})")
ax.set(yticks=range(5), yticklabels=found, xlabel="test images read right")
ax.invert_yaxis()
assert np.mean(found["counted pulses"]) > found["floating point"][0] - 0.02
assert np.mean(found["read back, 8 times the noise"]) > np.mean(found["counted pulses, 8 times the noise"])

# %% [markdown]
# ## Out of the workbench
#
# The synapse, the table of conductance against pulse, and a device of aihwkit. What a target cannot express is refused
# by name, until it is accepted. In a shell: `solitons fit-pulses measured.csv`, then
# `solitons export measured_synapse.json --to aihwkit`.

# %%
print(save_model(synapse, "synapse.json"))
print(write_table(table, "table.nc"))
try:
    export_model(synapse, "aihwkit", "exported", "mine")
except ValueError as refused:
    print(refused)
accepted = ExportSettings(accept=("read_noise", "noise_of_small_steps"))
print(*export_model(synapse, "aihwkit", "exported", "mine", accepted))
