"""What every report that a test writes must be."""

import pytest
from report_text import missing_in

from solitons.campaigns.framework import workflow
from solitons.campaigns.framework.page import page


@pytest.fixture(autouse=True, scope="session")
def readable_reports():
    """At most five tiles, each of one number and a line of at most twenty words; nothing missing, no raw Markdown."""

    def checked(title, campaign, engine, parts, *more):
        for part in parts:
            long = [each for each in part.headlines if len(each.detail.split()) > 20 or len(each.value.split()) > 6]
            assert len(part.headlines) <= 5, [each.name for each in part.headlines]
            assert long == []
        written = page(title, campaign, engine, parts, *more)
        assert missing_in(written) == []
        return written

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflow, "page", checked)
        yield
