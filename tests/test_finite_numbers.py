"""No number of any description is NaN, infinite, true or false: looked for in every field of every model there is."""

import importlib
import math
import pkgutil
import typing

import pytest
from pydantic import ValidationError

from geometries.description import Description, plain_errors


def described():
    """Every description of the workbench."""
    for package in ("geometries", "runs", "analysis", "solitons"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)
    found, waiting = set(), [Description]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += each.__subclasses__()
    ours = (each for each in found if each.__module__.split(".")[0] in _OURS)
    return sorted(ours, key=lambda each: (each.__module__, each.__qualname__))


_OURS = {"geometries", "runs", "analysis", "solitons"}


def numbers_in(annotation):
    """How a number is given to a field: itself, in a list, in a list of lists; None if the field has none."""
    if annotation in (int, float):
        return lambda number: number
    members = [each for each in typing.get_args(annotation) if each is not Ellipsis]
    within = next(filter(None, map(numbers_in, members)), None)
    if within is None or typing.get_origin(annotation) is not tuple:
        return within
    return lambda number: [within(number)] * len(members)


def is_whole(annotation):
    """Whether a field has whole numbers only, which may be as large as one likes, as a seed."""
    return annotation is not float and not any(not is_whole(each) for each in typing.get_args(annotation))


def test_what_is_no_finite_number_is_refused_by_the_field(subtests):
    fields = [
        (model, name, give)
        for model in described()
        for name, field in model.model_fields.items()
        if (give := numbers_in(field.annotation)) is not None
    ]
    assert len(fields) > 500
    assert {model.__module__.split(".")[0] for model, _, _ in fields} == {"geometries", "runs", "solitons"}
    for model, name, give in fields:
        with subtests.test(model=model.__name__, field=name):
            for number in (math.nan, math.inf, -math.inf, "nan", "inf", True, False, 10**400):
                if number == 10**400 and is_whole(model.model_fields[name].annotation):
                    continue
                with pytest.raises(ValidationError) as refused:
                    model.model_validate({name: give(number)})
                faults = [fault for fault in refused.value.errors() if fault["type"] != "missing"]
                assert any(name in map(str, fault["loc"]) or name in fault["msg"] for fault in faults), (number, faults)
                assert name in plain_errors(refused.value)
