"""Every reason code of the source is tried both ways: in a table beside this test, or in a test that is named here."""

import ast
import re
from pathlib import Path

import pytest

import solitons

ROOT = Path(solitons.__file__).parents[1]
HERE = Path(__file__).parent
WEIGHTS = {"failure": "failed", "limitation": "limited"}
# Its functions make reasons of whoever calls them.
SHARED = "solitons/fits/reasons.py"
# Where another test raises a code and has an input that does not.
ELSEWHERE = {
    f"solitons/{source}.py": f"tests/solitons/{test}.py"
    for source, test in {
        "campaigns/domain_walls/dw_synapse/arrivals": "campaigns/domain_walls/dw_synapse/test_arrivals",
        "campaigns/domain_walls/dw_synapse/heated": "campaigns/domain_walls/dw_synapse/test_heated",
        "campaigns/domain_walls/dw_synapse/holding_of_runs": "campaigns/domain_walls/dw_synapse/test_holding_of_runs",
        "campaigns/domain_walls/dw_synapse/neurons": "campaigns/domain_walls/dw_synapse/test_neurons",
        "campaigns/domain_walls/dw_synapse/choosing": "campaigns/domain_walls/dw_synapse/test_choosing",
        "campaigns/export_check/analysis": "campaigns/export_check/test_campaign",
        "exports/pulse_judgement": "exports/test_pulse_fit",
        "domain_walls/judgement": "domain_walls/test_judgement",
    }.items()
}


def sources():
    return sorted(
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "solitons").rglob("*.py")
        if re.search(r"\b(Reason|failure|limitation)\(", path.read_text(encoding="utf-8"))
        and path.relative_to(ROOT).as_posix() not in ("solitons/fits/verdict.py", SHARED)
    )


def looped(tree):
    """What names stand for that a loop over written tuples gives."""
    found = {}
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Tuple) and isinstance(loop.iter, ast.Tuple):
            for at, name in enumerate(loop.target.elts):
                rows = [each.elts for each in loop.iter.elts if isinstance(each, ast.Tuple)]
                found[name.id] = [getattr(row[at], "value", None) for row in rows if at < len(row)]
    return found


def ends(node, names):
    """What an expression may be, with the condition that it hangs on; part of a text may be anything."""
    if isinstance(node, ast.Name) and node.id in names:
        return [("", each) for each in names[node.id]]
    if isinstance(node, ast.Constant):
        return [("", node.value)]
    if isinstance(node, ast.IfExp):
        test = ast.unparse(node.test)
        both = ((test, node.body), (f"not {test}", node.orelse))
        return [(on, each) for on, part in both for _, each in ends(part, names)]
    if isinstance(node, ast.JoinedStr):
        parts = (
            re.escape(each.value) if isinstance(each, ast.Constant) else names.get(ast.unparse(each.value), [".+"])[0]
            for each in node.values
        )
        return [("", "".join(parts))]
    return [("", ".+")]


def given(function, call):
    """Constants that a function's parameters stand for in a call."""
    values = dict(zip((each.arg for each in function.args.kwonlyargs), function.args.kw_defaults, strict=True))
    values |= dict(zip((each.arg for each in function.args.args), call.args, strict=False))
    values |= {each.arg: each.value for each in call.keywords}
    return {name: [value.value] for name, value in values.items() if isinstance(value, ast.Constant)}


def reasons(source):
    """Pairs of code and weight, both patterns, of all reasons that a module makes, itself or by a shared function."""
    tree, shared = (ast.parse((ROOT / each).read_text(encoding="utf-8")) for each in (source, SHARED))
    functions = {each.name: each for each in shared.body if isinstance(each, ast.FunctionDef)}
    found = made(tree, looped(tree))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (function := functions.get(getattr(call.func, "id", ""))):
            found |= made(function, given(function, call))
    return sorted(found)


def made(tree, names):
    """Pairs of code and weight of the reasons that a piece of code makes."""
    found = set()
    for call in ast.walk(tree):
        name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if name in WEIGHTS:
            found |= {(code, WEIGHTS[name]) for _, code in ends(call.args[0], names)}
        if name == "Reason":
            codes, weights = (
                ends(next(each.value for each in call.keywords if each.arg == name), names)
                for name in ("code", "weight")
            )
            for on, code in codes:
                # One condition for both goes together.
                found |= {(code, weight) for also, weight in weights if not (on and also) or on == also}
    return found


def tried(source):
    """Pairs of code and weight in the tables of a module."""
    found = set()
    for path in HERE.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            of = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "OF" and ast.literal_eval(node.value)
            if of and source in of:
                found |= set(re.findall(r'\bLimit\(\s*"(\w+)",\s*"(\w+)"', path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("source", sources())
def test_every_reason_is_tried_both_ways(source):
    named = (ROOT / ELSEWHERE[source]).read_text(encoding="utf-8") if source in ELSEWHERE else ""
    table = tried(source)
    missing = [
        f"{code} ({weight})"
        for code, weight in reasons(source)
        if not any(re.fullmatch(code, one) and re.fullmatch(weight, other) for one, other in table)
        and not re.search(rf'"{code}"', named)
    ]
    assert not missing, f"{source}: no table in {HERE.name} tries {', '.join(missing)}"


def test_what_is_collected_are_reasons():
    assert ("stuck", "failed") in reasons("solitons/skyrmions/model_limits.py")
    assert reasons("solitons/skyrmions/judgement.py").count(("no_better_than_trivial", "failed")) == 1
    assert ("no_better_than_trivial", "limited") not in reasons("solitons/skyrmions/judgement.py")
    assert ("no_better_than_alone", "failed") in reasons("solitons/domain_walls/pair_fit.py")
    assert ("far_from_texture", "limited") in reasons("solitons/skyrmions/judgement.py")
    assert (".+_idle_neurons", "limited") in reasons("solitons/campaigns/junctions/stochastic_stdp/judgement.py")
    assert ("spread_unknown", "limited") in reasons("solitons/campaigns/arrays/array_devices.py")
    assert len(sources()) > 30
