"""What hostile campaign files do: tried, refused, accepted, and what must not happen.

    python benchmarks/hostile_campaigns.py --seconds 600
    python benchmarks/hostile_campaigns.py --seconds 60 --seed 7 --json hostile.json

Values that no field takes (NaN, huge and tiny numbers, other units, lists, tables, texts of YAML 1.1) are put into
every field of the campaigns that ship; fields are left out; and the texts of their files are broken at random. Each
must become a valid campaign or a refusal in our words, within a second of the processor and without a large allocation.
"""

import argparse
import collections
import json
import random
import sys
import tempfile
import time
from pathlib import Path

# What the tests try is in the tests' own modules.
sys.path.append(str(Path(__file__).parents[1] / "tests" / "plugins"))
from hostile_descriptions import (
    VALUES,
    as_campaign,
    attempt,
    from_text,
    mutated,
    paths,
    shipped,
    with_value,
    without,
)

OUTCOMES = ("accepted", "refused", "not in our words", "traceback", "slow", "large")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0, help="how long it tries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where all findings are written")
    options = parser.parse_args()
    chance, campaigns = random.Random(options.seed), shipped()
    counts, findings = collections.defaultdict(collections.Counter), []
    with tempfile.TemporaryDirectory() as folder:
        end = time.monotonic() + options.seconds
        while time.monotonic() < end:
            name = chance.choice(sorted(campaigns))
            content, text = campaigns[name]
            path = chance.choice([each for each in paths(content) if each])
            way = chance.choice(("value", "value", "value", "two values", "left out", "text"))
            memory = chance.random() < 0.1  # looking at every allocation takes ten times as long
            if way == "text":
                what = mutated(text, chance)
                found = attempt(from_text, what, Path(folder), memory=memory)
            elif way == "left out":
                what = path
                found = attempt(as_campaign, without(content, path), memory=memory)
            else:
                value = chance.choice(VALUES)
                changed, what = with_value(content, path, value), (path, repr(value)[:60])
                if way == "two values":
                    other, second = chance.choice([each for each in paths(changed) if each]), chance.choice(VALUES)
                    changed, what = with_value(changed, other, second), (*what, other, repr(second)[:60])
                found = attempt(as_campaign, changed, memory=memory)
            counts[name, way][found[0]] += 1
            if found[0] not in ("accepted", "refused"):
                findings.append(
                    {"campaign": name, "way": way, "what": what, "outcome": found[0], "text": found[1][:300]}
                )
    print(f"{'campaign':<16}{'changed':<12}{'tried':>7}" + "".join(f"{outcome:>18}" for outcome in OUTCOMES))
    for (name, way), found in sorted(counts.items()):
        print(f"{name:<16}{way:<12}{found.total():>7}" + "".join(f"{found[outcome]:>18}" for outcome in OUTCOMES))
    for finding in findings[:40]:
        print(finding)
    if options.json:
        options.json.write_text(json.dumps(findings, indent=2, default=str), "utf-8")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
