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
# # Spin-torque oscillators
#
# A direct current through a pillar with a tilted polariser: below a threshold the free layer rests, above it turns for
# ever. From the pillar to a model of its amplitude and phase, its line with heat, what an injected field locks, and a
# network of such oscillators that remembers. Everything is the pillar as one moment, so that it takes seconds;
# `solitons run oscillator` does the first half in micromagnetics.

# %%
# %matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from analysis import oscillation, precession, spectral_line
from geometries import Material, Pillar
from solitons.attractors import hebbian_couplings
from solitons.junctions import follow_macrospins, pillar_junction
from solitons.oscillators import (
    diode_voltage,
    follow_circuit,
    follow_oscillators,
    follow_phases,
    pattern_overlaps,
    threshold,
)
from solitons.oscillators.capture import capture_range, locked_from, time_to_lock
from solitons.oscillators.injection import locking_range
from solitons.oscillators.oscillator_fit import fit_oscillator, record_of

MU0 = 4e-7 * np.pi

# %% [markdown]
# ## The pillar and its threshold
#
# A disc of 48 nm in a field along its axis, polarised against the field and a little across. The threshold follows from
# the linear equation of small oscillations; nothing is simulated for it.

# %%
pillar = Pillar(
    length="48 nm",
    thickness="2 nm",
    cell=("4 nm", "4 nm", "2 nm"),
    start="up",
    start_tilt="6 deg",
    fixed_layer=(0.5, 0, -0.866),
    barrier={"resistance_area": "3 ohm um^2", "tmr": "100 %"},
)
film = Material(name="iron boron", Ms=1e6, A=2e-11, Ku=4.2e5, easy_axis=(0, 0, 1), alpha=0.05)
moment = pillar_junction(pillar, film, temperature=0.0, field=(0, 0, 0.5 / MU0))
found = threshold(moment, pillar.start_direction, 1e12)
print(f"threshold {found.current_density:.3g} A/m2, {found.frequency * 1e-9:.2f} GHz there")

# %% [markdown]
# ## From runs to amplitude and phase
#
# `precession` turns the mean moment into a complex amplitude about an axis, and `oscillation` into amplitude, phase and
# frequency in time; `record_of` does both. A run of either engine goes the same way.


# %%
def run_at(current, duration=20e-9):
    start = [[np.sin(0.1), 0, np.cos(0.1)]]
    run = follow_macrospins(moment, start, duration, seed=0, current_density=current, samples=round(duration / 1e-11))
    means = {f"m{name}": run["m"].sel(vdims=name, drop=True)[0] for name in "xyz"}
    return xr.Dataset(means, attrs={"run_id": f"{current:.3g}"})


currents = found.current_density * np.array([0.5, 0.8, 1.1, 1.2, 1.3, 1.4, 1.5])
records = [record_of(run_at(each), each, (0, 0, 1)) for each in currents]
fit = fit_oscillator(records, held_out=[records[3].run_id])
model = fit.oscillator
for record in fit.held_out:
    predicted = fit.predicted(record)
    print(f"{record.end_frequency * 1e-9:.3f} GHz at a current that the fit did not see, and "
          f"{predicted.end_frequency * 1e-9:.3f} GHz by the model")  # fmt: skip

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
for record in records:
    left.semilogy(record.time * 1e9, record.power, color="0.6", linewidth=2)
    left.semilogy(record.time * 1e9, fit.predicted(record).power, "C1--", linewidth=1)
left.set(xlabel="time (ns)", ylabel="power p", ylim=(1e-6, 1))
span = np.linspace(1.0, 1.55, 60) * found.current_density
right.plot(span * 1e-11, [model.frequency_at(each) * 1e-9 for each in span], "C1")
oscillating = [each for each in records if each.oscillates]
ends = np.array([[each.current_density * 1e-11, each.end_frequency * 1e-9] for each in oscillating])
right.plot(*ends.T, "o", color="0.3")
_ = right.set(xlabel="current density (10¹¹ A/m²)", ylabel="frequency (GHz)")

# %% [markdown]
# ## The line with heat
#
# Heat moves the power, and the frequency with it. In so small a layer the line is wide and Gaussian; it goes as the
# square root of the temperature.

# %%
hot = pillar_junction(pillar, film, temperature=300.0, field=(0, 0, 0.5 / MU0))
current = 1.3 * found.current_density
angle = 2 * np.arcsin(np.sqrt(model.power(current)))
start = np.tile([np.sin(angle), 0, np.cos(angle)], (8, 1))
ensemble = follow_macrospins(hot, start, 60e-9, seed=1, current_density=current, samples=4000)
means = {f"m{name}": ensemble["m"].sel(vdims=name, drop=True).rename(trajectory="member") for name in "xyz"}
line = spectral_line(precession(xr.Dataset(means).isel(t=slice(400, None)), (0, 0, 1)))
print(f"{line.width * 1e-9:.2f} GHz wide ({line.lower * 1e-9:.2f} to {line.upper * 1e-9:.2f}), {line.shape}'s line")

# %% [markdown]
# ## What an injected field locks
#
# A field that alternates near the oscillator's frequency takes its phase along. The borders are where the locked state
# ceases to exist; they lie at other frequencies for a strong field than the weak field's formula has. A strong field
# that is switched on takes less than one whose frequency is swept away keeps: there is hysteresis.

# %%
fields = np.array([0.1, 0.2, 0.4, 0.8]) * 1e-3 / MU0
own = model.frequency_at(current)
figure, axes = plt.subplots(figsize=(4.5, 3.2), layout="constrained")
for kind, name, alpha in ((locking_range, "stays locked", 0.3), (capture_range, "is taken", 0.6)):
    borders = np.array([kind(model, current, each / 2) for each in fields])
    sides = (np.append(0, (side - own) * 1e-6) for side in borders.T)
    axes.fill_betweenx([0, *fields * MU0 * 1e3], *sides, color="C1", alpha=alpha, linewidth=0, label=name)
axes.legend(frameon=False)
axes.set(xlabel="frequency less its own (MHz)", ylabel="amplitude of the field (mT)")
took = time_to_lock(locked_from(model, current, fields[2] / 2, own))
print(f"0.4 mT locks it within {took * 1e9:.1f} ns")

# %% [markdown]
# ## Two on one current
#
# Pillars in series beside a load: the resistance of each changes the current of both. Two whose damping differs by
# 0.6 % have one frequency then; without magnetoresistance each keeps its own.


# %%
def beat(tmr):
    parts = {
        "fixed_layer": (0.8, 0, -0.6),
        "barrier": {"resistance_area": "1 ohm um^2", "tmr": tmr, "polarisation": 0.6},
    }
    tilted = Pillar.model_validate(pillar.model_dump() | parts)
    pair = [
        pillar_junction(tilted, film.model_copy(update={"alpha": alpha}), temperature=0.0, field=(0, 0, 0.5 / MU0))
        for alpha in (0.05, 0.0503)
    ]
    load, cosine = 30.0, -0.6 * np.cos(0.9)
    resistance = 1e-12 / tilted.area / ((1 + cosine) / 2 + (1 - cosine) / 2 / (1 + tmr))
    density = 1.35 * threshold(pair[0], (0, 0, 1), 1e12).current_density
    source = density * tilted.area * (load + 2 * resistance) / load
    begin = [[np.sin(0.9), 0, np.cos(0.9)], [0, np.sin(0.9), np.cos(0.9)]]
    run = follow_circuit(pair, [tilted] * 2, begin, source, load, 120e-9, samples=24_000)
    turns = []
    for at in range(2):
        means = xr.Dataset({f"m{name}": run["m"].sel(vdims=name, drop=True)[at] for name in "xyz"})
        late = oscillation(precession(means, (0, 0, 1)))["phase"].sel(t=slice(60e-9, None))
        turns.append(float(late[-1] - late[0]) / (2 * np.pi))
    return abs(turns[0] - turns[1])


print(f"in 60 ns one is ahead by {beat(1e-6):.1f} turns without magnetoresistance, and by {beat(1.0):.2f} with 100 %")

# %% [markdown]
# ## The same pillar detects
#
# Below the threshold an alternating current makes a direct voltage where its frequency is that of the resonance (a
# spin-torque diode); a direct current beside it takes damping away, so that the line is higher and narrower.

# %%
heard = np.linspace(5e9, 9e9, 400)
figure, axes = plt.subplots(figsize=(4.5, 3.2), layout="constrained")
for share in (0.0, 0.5, 0.8):
    voltage = diode_voltage(moment, pillar, 1e9, heard, current_density=share * found.current_density)
    axes.plot(heard * 1e-9, voltage * 1e6, label=f"{share:g} of the threshold")
axes.set(xlabel="frequency (GHz)", ylabel="voltage (µV)")
_ = axes.legend(frameon=False, title="direct current")

# %% [markdown]
# ## A thousand at once
#
# Devices that differ, with heat, in one call: the share that is still in step falls with time.

# %%
spread = np.random.default_rng(1).normal(0, 10e6, 1000)
many = follow_oscillators(model, np.full(1000, np.sqrt(model.power(current)) + 0j), current, 50e-9, detuning=spread,
                          samples=50)  # fmt: skip
in_step = np.abs(np.mean(np.exp(1j * np.angle(many.values)), axis=0))
print(f"order parameter {in_step[0]:.2f} after 1 ns, {in_step[-1]:.2f} after 50 ns")

# %% [markdown]
# ## They remember
#
# Phases with Hebbian couplings keep patterns: begun from one with a tenth of its parts wrong, the network returns.

# %%
random = np.random.default_rng(2)
patterns = random.choice([-1.0, 1.0], (10, 500))
wrong = np.where(random.random(500) < 0.1, -1, 1)
begin = np.where(patterns[0] * wrong > 0, 0.0, np.pi) + 0.01 * random.normal(size=500)
coupled = hebbian_couplings(patterns, 2 * np.pi * 100e6)
_, overlap = follow_phases(
    coupled, begin, 0.0, 5e-11, 200, watch=lambda now: pattern_overlaps(np.cos(now), np.sin(now), patterns[0])
)
print(f"overlap with the pattern {overlap[0]:.2f} at first, {overlap[-1]:.2f} after 10 ns")

# %% [markdown]
# `solitons run oscillator-memory` finds how many patterns such a network holds, and at which spread of the frequencies
# it forgets; `solitons run vortex-oscillator` fits Thiele's equation to a vortex that a current keeps in motion.
