"""Hostile descriptions: values that no field takes, put into every field of the campaigns that ship, and broken texts.

`attempt` says what became of one: a valid campaign, a refusal in words, or what must not happen. The tests try some,
``benchmarks/hostile_campaigns.py`` many.
"""

import copy
import re
import time
import tracemalloc
import warnings

from runs.strict_yaml import read_table
from solitons.campaigns.framework.kinds import campaign_kind, load_campaign, shipped_campaigns

VALUES = (
    *(None, True, False, 0, -1, 1, 2, 10**7, 10**9, 2**32, 2**63, 10**30, 10**400),
    *(0.0, -0.0, 0.5, -1.5, 1e-9, 1e-30, 5e-324, 1e9, 1e300, float("inf"), float("-inf"), float("nan")),
    *(
        "",
        " ",
        "no",
        "1:30",
        "0o17",
        "1_000",
        "nan",
        "inf",
        "1e400",
        "5",
        "nm",
        "5 nm",
        "-5 nm",
        "1 fm",
        "1e9 m",
        "5 s",
    ),
    *(
        "1e-30 s",
        "1 ps",
        "6e11 kg",
        "256 furlong",
        "40 mT/mu0",
        "1 THz",
        "1e7 A/m",
        "5 K",
        "5 rad",
        "9**9**9 m",
        "5 nm #",
    ),
    *("2020-01-01", "\x00", "\ud800", "é" * 50, "x" * 10_000, "../..", "${HOME}", "{0}", "[red]", "%s"),
    *(
        [],
        [[]],
        {},
        [1],
        [1, 2, 3],
        ["x"],
        [None],
        {"a": 1},
        {"kind": "x"},
        {"kind": ["stripe"]},
        {"do": "x"},
        {"do": {}},
    ),
    *([float("nan")] * 3, [0, 0, 0], [1e308] * 3, [5e-324] * 3, [1e9] * 3, list(range(1000)), {1: 2}, {"x": {"y": []}}),
)
LONGEST = 10.0  # seconds of the processor: what grows with the text by more than its length takes far more
LARGEST = 200e6  # bytes

# What pydantic, pint, PyYAML and Python say by themselves.
_NOT_OURS = re.compile(
    r"Input should|validation error|Field required|Unable to|Extra inputs|pydantic|\(\)|Traceback|object at 0x|<class"
    r"|String should|Tuple should|expected str|list index|has no attribute|not subscriptable|unsupported operand"
    r"|math domain|float division|cannot convert|\^\[|Errno"
)


def shipped():
    """The campaigns that ship, as data and as text."""
    return {each.name: (read_table(each.file, ""), each.file.read_text("utf-8")) for each in shipped_campaigns()}


def paths(content, path=()):
    """Where a value is in nested tables and lists, each once."""
    yield path
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))


def with_value(content, path, value):
    """A copy with another value at a path."""
    changed = copy.deepcopy(content)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def without(content, path):
    """A copy without what is at a path."""
    changed = copy.deepcopy(content)
    at = changed
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return changed


def as_campaign(content):
    """Do all that is done before the first run."""
    kind = campaign_kind(str(content.get("kind")))
    made = kind.model_validate(content)
    return _judged(made)


def from_text(text, folder):
    """The same for a file."""
    path = folder / "hostile.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    made = load_campaign(path)
    return _judged(made)


# Their check looks for places of magnets, which takes seconds; tests of their own have what it refuses.
SEARCHING = {"nanomagnet_vision"}


def _judged(made):
    if made.kind in SEARCHING:
        return []
    for _, variant in made.variants():
        variant.check()
    return made.specs("native")


def attempt(make, *given, memory=False):
    """Say what became of a description: ("accepted" | "refused" | what is wrong, text)."""
    from pydantic import ValidationError

    from geometries.description import plain_errors
    from solitons.commands.cli import _in_words

    if memory:
        tracemalloc.start()
    began = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            make(*given)
        outcome, text = "accepted", ""
    except ValidationError as error:
        outcome, text = "refused", plain_errors(error)
    except Exception as error:
        said = _in_words(error)
        outcome, text = ("traceback", repr(error)) if said is None else ("refused", said)
    taken = time.process_time() - began
    peak = tracemalloc.get_traced_memory()[1] if memory else 0
    if memory:
        tracemalloc.stop()
    if outcome == "refused" and (not text.strip() or _NOT_OURS.search(text)):
        outcome = "not in our words"
    if taken > LONGEST * (10 if memory else 1):
        outcome, text = "slow", f"{taken:.1f} s: {text}"
    if peak > LARGEST:
        outcome, text = "large", f"{peak / 1e6:.0f} MB: {text}"
    return outcome, text


_BITS = (
    *(
        "1:30",
        "0o17",
        "017",
        "1_000",
        "on",
        "no",
        "~",
        ".inf",
        ".nan",
        "1e400",
        "{",
        "}",
        "[",
        "]",
        "'",
        '"',
        "#",
        "&a ",
        "*a",
    ),
    *(
        "!!int ",
        "!!python/name:os.system ",
        "? ",
        "- ",
        ": ",
        "|",
        ">",
        "%",
        "@",
        "\t",
        "\n",
        "\x00",
        "\u2028",
        "<<: ",
        "---",
    ),
    *("[" * 200, "{a: " * 200, "9" * 400, " nm", " kg", "-", "e99", "\ufeff", "null", "true", "=", "...\n"),
)


def mutated(text, random):
    """A text with a few places changed: bits put in, cut out, exchanged, doubled."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        start = random.randrange(len(text))
        end = min(len(text), start + random.choice((0, 1, 1, 3, 10, 60)))
        other = random.randrange(len(text))
        put = random.choice(
            (random.choice(_BITS), random.choice(_BITS), "", text[other : other + end - start], text[start:end] * 2)
        )
        text = text[:start] + put + text[end:]
        if not text:
            return "x"
    return text
