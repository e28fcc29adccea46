"""Devices that a design needs by gradients, and by CMA-ES to come as far.

`python benchmarks/design_runs.py` takes some five minutes: the shipped graded wells, on the native engine in memory. CMA-ES
has come as far when its best device keeps to the limit and its aim is within 1 % of what gradients found.
"""

import functools

from runs import simulate
from solitons import load_campaign
from solitons.campaigns.design.search import best_of, proceed

MOST = 300


def searched(campaign, seed, slopes, enough=None):
    asked, tables = campaign.asked, {}
    size, margin = None, campaign.search.accuracy / 4

    def known():
        shown = {place: table if slopes else table[:, :1] for place, table in tables.items()}
        return {place: asked.known(table, size, margin) for place, table in shown.items()}

    places = (campaign.start,)
    while places:
        for place in places:
            tables[place] = measured(asked, place, slopes)
            size = size or abs(tables[place][0, 0])
            found = known()
            if enough is not None and found[place].merit >= enough:
                return len(tables), found[place].merit
        step = proceed(found, accuracy=campaign.search.accuracy, devices=MOST, seed=seed)
        places = step.places
    return len(tables), found[best_of(found)].merit


@functools.cache
def run(spec):
    return simulate(spec)


def measured(asked, place, slopes):
    if slopes:
        return asked.table(place, run)
    spec = asked.spec(asked.aim.of, place)
    from solitons.campaigns.design.devices import value_of

    return __import__("numpy").array([[value_of(each, spec, run(spec))] for _, each, _ in asked._numbers()])


def main():
    campaign = load_campaign("design")
    devices, merit = searched(campaign, 0, True)
    print(f"gradients: {devices} devices, aim {merit:.4f} of the start's")
    for seed in range(3):
        needed, reached = searched(campaign, seed, False, merit * 0.99)
        print(f"CMA-ES, seed {seed}: {needed} devices, aim {reached:.4f}: {needed / devices:.1f} times as many")


if __name__ == "__main__":
    main()
