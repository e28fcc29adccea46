"""Tables of parameters, with their intervals or without one."""

from solitons.campaigns.framework.page import parameter_table
from solitons.campaigns.framework.results import Parameter


def test_a_parameter_that_no_interval_holds_says_why():
    known = Parameter(name="stability", unit="1", value=24.5, ci95=(24.4, 24.6))
    text = str(parameter_table([known, known.model_copy(update={"ci95": None})], {}))
    assert "24.4 to 24.6" in text.replace("24.40", "24.4").replace("24.60", "24.6")
    assert "not known: the data reject the model" in text
