"""What a campaign's file holds, with other values at some of its fields."""

import copy


def with_fields(content, **changes):
    """A copy of nested tables and lists in which fields have other values, a path with two underscores a part each."""
    found = copy.deepcopy(content)
    for path, value in changes.items():
        *way, last = path.split("__")
        place = found
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        place[int(last) if isinstance(place, list) else last] = value
    return found
