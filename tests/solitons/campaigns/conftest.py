"""What every report that a test writes begins with."""

import pytest

from solitons.campaigns.framework import workflow
from solitons.campaigns.framework.page import tiles


@pytest.fixture(autouse=True, scope="session")
def few_short_tiles():
    """At most five tiles, each of one number, and one line of at most twenty words."""

    def checked(headlines):
        long = [each for each in headlines if len(each.detail.split()) > 20 or len(each.value.split()) > 6]
        assert len(headlines) <= 5, [each.name for each in headlines]
        assert long == []
        return tiles(headlines)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflow, "tiles", checked)
        yield
