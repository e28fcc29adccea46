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
# # Tunnel junctions that flip by chance
#
# A pillar so small that heat turns its free layer around by itself: telegraph noise, its rates with their intervals,
# and how a current pulse changes them, each beside the exact equation. Then three things that such junctions do:
# repeat a weak drive best at some temperature, learn a function as a population, and factor a number. Everything is
# the pillar as one moment, so that it takes seconds; larger pillars reverse by a wall, and need micromagnetics.

# %%
# %matplotlib inline
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from analysis import dwell_rates, dwell_times, exponential_dwells, plot_dwell_times, signal_to_noise
from geometries import Material, Pillar
from solitons.junctions import (
    PBit,
    PeriodicDrive,
    SwitchingRates,
    adiabatic_resonance,
    axial_fokker_planck,
    best_read_out,
    count_half_periods,
    drive_response,
    exact_distribution,
    fokker_planck_rates,
    follow_macrospins,
    follow_rates,
    learn_read_out,
    mean_states,
    multiplier,
    pillar_junction,
    population,
    sample_states,
    thermal_states,
)

# %% [markdown]
# ## The pillar
#
# A disc of 20 nm whose perpendicular anisotropy hardly exceeds its shape: the barrier is some k T at room
# temperature.

# %%
pillar = Pillar(
    length="20 nm",
    thickness="1 nm",
    cell=("4 nm", "4 nm", "1 nm"),
    fixed_layer="up",
    barrier={"resistance_area": "10 ohm um^2", "tmr": "100 %"},
)
film = Material(name="CoFeB", Ms="1 MA/m", A="15 pJ/m", Ku="0.578 MJ/m^3", alpha=0.1)
spin = pillar_junction(pillar, film, temperature=300.0)
critical = spin.critical_current()
print(f"barrier {spin.stability:.2f} k T, critical current {critical:.3g} A/m^2")
pillar

# %% [markdown]
# ## Telegraph noise
#
# Sixteen moments follow the Landau-Lifshitz-Gilbert equation with heat, from equilibrium, for a microsecond each.

# %%
duration, samples = 1e-6, 4000
run = follow_macrospins(spin, thermal_states(spin, 16, seed=1), duration, seed=2, samples=samples)
coords = {"member": np.arange(16), "t": run.t}
noise = xr.DataArray(run.m.values @ spin.axis, coords=coords, dims=("member", "t"), attrs={"units": "1"})
figure, ax = plt.subplots(figsize=(7, 2.2), layout="constrained")
ax.plot(1e6 * noise.t, noise.isel(member=0), linewidth=0.6, color="#0B5C8A")
_ = ax.set(xlabel="time (µs)", ylabel="$m_z$", ylim=(-1.1, 1.1))
# %% [markdown]
# A dwell ends where m_z has come to the other side of a threshold. The first and the last dwell of a record are cut
# off by it, and count as time without a flip. The exact rate is half the lowest eigenvalue of the Fokker-Planck
# equation.

# %%
dwells = dwell_times(noise)
rates = dwell_rates(dwells)
exact = axial_fokker_planck(spin).slowest_rate() / 2
for state, name in enumerate(("down", "up")):
    low, high = rates.low[state].item(), rates.high[state].item()
    print(f"out of {name}: {rates.rate[state].item():.3g} /s, 95 %: {low:.3g} to {high:.3g}; exact {exact:.3g} /s")
print(f"p of one rate for each state: {exponential_dwells(dwells).p_value.values.round(2).tolist()}")
assert np.all((rates.low < 1.2 * exact) & (rates.high > 0.8 * exact))
plot_dwell_times(dwells).figure

# %% [markdown]
# ## Switching under a current
#
# Of 300 moments that begin down in equilibrium, the share that is up at each time, under currents that favour up.
# Lines are the Fokker-Planck equation: nothing is fitted.

# %%
members, times = 300, np.linspace(1e-9, 12e-9, 12)
start, equation = thermal_states(spin, members, seed=3, state=-1), axial_fokker_planck(spin)
below = equation.equilibrium() * (equation.z < 0)
figure, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
squares = []
for number, share in enumerate((0.2, 0.4, 0.6, 0.9)):
    driven = follow_macrospins(
        spin, start, times[-1], seed=4 + number, current_density=share * critical, samples=len(times)
    )
    up = (driven.m.values @ spin.axis > 0).mean(axis=0)
    driven_equation = axial_fokker_planck(spin, share * critical)
    expected = driven_equation.share_above(driven_equation.evolve(below / below.sum(), times))
    error = np.sqrt(expected * (1 - expected) / members)
    squares.append((((up - expected) / error) ** 2).mean())
    ax.errorbar(1e9 * times, up, 1.96 * error, fmt="o", markersize=4, capsize=2, color=f"C{number}")
    ax.plot(1e9 * times, expected, color=f"C{number}", label=f"{share:g} of the critical current")
ax.set(xlabel="time (ns)", ylabel="probability of up")
ax.legend(frameon=False, fontsize="small")
print(f"mean squared deviation over that by chance: {np.mean(squares):.2f}")
assert np.mean(squares) < 3

# %% [markdown]
# ## Resonance with a weak drive
#
# A sine of a twentieth of the critical current cannot switch the junction; with heat it does, in time with the drive
# or not. `drive_response` is exact for two states with the rates of each moment, and `follow_rates` follows records
# flip by flip. Three measures, three peaks: half periods with one flip alone are most frequent about where twice the
# mean dwell is a period; the mean state swings furthest where it is hotter; and the signal-to-noise ratio of two
# states peaks where the barrier has come down to 2.5 k T, whatever the frequency (McNamara and Wiesenfeld, Phys.
# Rev. A 39, 4854 (1989)).

# %%
drive = PeriodicDrive(0.05 * critical, 1e7)
temperatures = np.geomspace(130, 800, 13)
measures = {"signal-to-noise ratio (kHz)": [], "swing": [], "half periods locked": []}
counted = {name: [] for name in measures}
weak, dwell = [], []
for index, temperature in enumerate(temperatures):
    hot = fokker_planck_rates(replace(spin, temperature=np.asarray(temperature)), drive.amplitude)
    response = drive_response(hot, drive)
    flips = follow_rates(hot, drive, periods=200, members=24, seed=index)
    line = signal_to_noise(mean_states(flips, 1 / 64 / drive.frequency), drive.frequency)
    swing = np.hypot(line.sine.mean(), line.cosine.mean())
    seen = (line.signal.mean() / line.noise.mean() / 1e3, swing, count_half_periods(flips)[1].mean())
    theory = (response.signal_to_noise / 1e3, response.amplitude, response.fraction_locked)
    for name, value, one in zip(measures, theory, seen, strict=True):
        measures[name].append(value)
        counted[name].append(float(one))
    (up, at_rest), (down, _) = (np.asarray(each) for each in hot.rates(np.array([drive.amplitude / 100, 0.0])))
    weak.append(adiabatic_resonance(float(at_rest), 100 * np.log(up / down) / 2, drive.frequency)[1] / 1e3)
    dwell.append(1 / float(at_rest))
matched = np.interp(0.0, -np.log(2 * np.array(dwell) * drive.frequency), temperatures)

figure, axes = plt.subplots(1, 3, figsize=(8.4, 2.8), layout="constrained")
for ax, (name, values) in zip(axes, measures.items(), strict=True):
    ax.plot(temperatures, values, color="#D55E00", label="exact")
    ax.plot(temperatures, counted[name], "o", markersize=4, color="0.35", label="counted")
    ax.axvline(matched, color="#009E73", linestyle=":", label="2 dwells = period")
    ax.set(xlabel="temperature (K)", title=name)
    print(f"{name}: highest at {temperatures[int(np.argmax(values))]:.0f} K")
axes[0].plot(temperatures, weak, "--", color="#0B5C8A", label="weak drive")
axes[0].legend(frameon=False, fontsize="x-small")
print(f"twice the mean dwell is a period at {matched:.0f} K")

# %% [markdown]
# `solitons run stochastic-resonance` does this with intervals, a verdict, maps of locking to a square wave with
# their two borders, and thermal macrospins beside the rates; its axis may be electrical noise as well.
#
# ## A population learns a function
#
# Twelve junctions are shown an angle as a current; the middles of their tuning curves lie side by side. How often
# each fires in the time that it is counted goes into a linear read-out, which learns the sine trial by trial. The
# least error that any read-out has follows in closed form from the variance of the counts (after Mizrahi et al.,
# Nature Commun. 9, 1533 (2018)).

# %%
angle = np.linspace(-np.pi, np.pi, 73)
one = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
current = angle / np.pi * 4e9
twelve = population(one, -4.5e9, 4.5e9, 12)
window = np.geomspace(3e-6, 1e-3, 6)
figure, (curves, errors) = plt.subplots(1, 2, figsize=(8.4, 3), layout="constrained")
curves.plot(np.degrees(angle), twelve.tuning_curve(current[:, None]) / 1e6, linewidth=1)
curves.set(xlabel="angle (degrees)", ylabel="fires (10$^6$/s)", title="twelve tuning curves")
for number, count in enumerate((4, 8, 12)):
    many = population(one, -4.5e9, 4.5e9, count)
    best = [best_read_out(many, current, np.sin(angle), each).error for each in window]
    learned = [learn_read_out(many, current, np.sin(angle), each, trials=2000, seed=5).error for each in window[:5]]
    ideal = best_read_out(many, current, np.sin(angle), np.inf).error
    errors.loglog(1e6 * window, best, color=f"C{number}", label=f"{count} junctions, ideal curves {ideal:.2g}")
    errors.loglog(1e6 * window[:5], learned, "o", color=f"C{number}")
    # A mean of its last weights is near the best, wherever counts are more than a few.
    assert learned[-1] < 1.5 * best[4]
errors.set(xlabel="counted for (µs)", ylabel="error", title="sine: learned (dots) and least error")
errors.legend(frameon=False, fontsize="x-small")

# %% [markdown]
# ## Junctions that factor
#
# A junction that is read slowly is a p-bit: up or down by chance, with odds that its current sets. A multiplier of
# AND gates and adders has its products as lowest states; with the product held at 6, its factors take on all pairs
# that give it. Twelve p-bits have 4096 states, so that Boltzmann's distribution is known exactly.

# %%
bit = PBit(SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10))
circuit = multiplier(2, 2)
held = circuit.hold_product(6)
sampled = circuit.factor_table(
    sample_states(bit, circuit.couplings, circuit.biases, 100, seed=6, strength=0.7, held=held)
)
boltzmann = circuit.factor_table(exact_distribution(circuit.couplings, circuit.biases, strength=0.7, held=held))
figure, axes = plt.subplots(1, 2, figsize=(6.4, 3), layout="constrained")
for ax, table, name in zip(axes, (sampled, boltzmann), ("junctions", "Boltzmann"), strict=True):
    ax.imshow(table, cmap="Blues", vmin=0, vmax=0.5)
    for (row, column), value in np.ndenumerate(table):
        ax.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if value > 0.3 else "black")
    ax.set(xlabel="second factor", ylabel="first factor", title=name, xticks=range(4), yticks=range(4))
assert sampled[2, 3] + sampled[3, 2] > 0.6
print(f"6 = 2 x 3 or 3 x 2 in {sampled[2, 3] + sampled[3, 2]:.0%} of the time, exactly {2 * boltzmann[2, 3]:.0%}")
