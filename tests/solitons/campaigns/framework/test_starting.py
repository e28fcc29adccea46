"""Files to start from: every choice of words is listed, and nothing leaks that only a docstring needs."""

import re

import pytest

from geometries.description import choices
from solitons.campaigns.framework.kinds import campaign_kind, campaign_kinds
from solitons.campaigns.framework.starting import starting_text


@pytest.mark.parametrize("kind", sorted(campaign_kinds()))
def test_keys_are_explained_with_the_words_that_they_take(kind):
    try:
        text = starting_text(kind, "mine")
    except ValueError as error:
        pytest.skip(f"a kind of the tests: {error}")
    assert not re.search(r"\[\d+\]_", text)
    explained = re.sub(r"\n# +", " ", text)
    for name, field in campaign_kind(kind).model_fields.items():
        for word in choices(field.annotation) if name != "kind" else ():
            assert word in explained


def test_a_choice_in_a_table_of_a_campaign_is_listed():
    text = re.sub(r"\n# +", " ", starting_text("dw_synapse", "mine"))
    assert "landscape (may be left out)" in text
    assert "One of auto, measured, none." in text
