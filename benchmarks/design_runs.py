"""Devices that a design needs by gradients, and by CMA-ES to come as far.

    python benchmarks/design_runs.py

The shipped graded wells on the native engine, in a store of its own, in some minutes. CMA-ES has come as far when its
best device keeps to the limit and its aim is within 1 % of what gradients found.
"""

import tempfile
from pathlib import Path

import numpy as np

from runs import Store, simulate
from solitons import load_campaign
from solitons.campaigns.design.devices import Shown
from solitons.campaigns.design.search import best_of, proceed

MOST = 300


def search(campaign, shown, seed, slopes, enough=np.inf):
    """How many devices were tried, and the aim of the best, in units of the start's."""
    asked, known, first, places = campaign.asked, {}, None, (campaign.start,)
    while places:
        for place in places:
            spec = asked.made(campaign.aim.of, place)
            if not shown.store.holds(spec.run_id):
                shown.store.write(spec, simulate(spec), 1.0)
            plain = np.array([[shown.value(number, spec)] for number, _ in asked.numbers])
            first = plain if first is None else first
            table = asked.table(place, shown) if slopes else plain
            known[place] = asked.known(table, first, campaign.search.accuracy / 4)
            if known[place].merit >= (0.0, enough):
                return len(known), known[place].aim
        places = proceed(known, accuracy=campaign.search.accuracy, devices=MOST, seed=seed).places
    return len(known), known[best_of(known)].aim


def main():
    campaign = load_campaign("design")
    with tempfile.TemporaryDirectory() as folder:
        shown = Shown(Store(Path(folder)), "native")
        devices, aim = search(campaign, shown, 0, slopes=True)
        print(f"gradients: {devices} devices, aim {aim:.4f} of the start's")
        for seed in range(3):
            needed, reached = search(campaign, shown, seed, slopes=False, enough=0.99 * aim)
            print(f"CMA-ES, seed {seed}: {needed} devices, aim {reached:.4f}: {needed / devices:.1f} times as many")


if __name__ == "__main__":
    main()
