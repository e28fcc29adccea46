"""Kinds of campaigns come from entry points: a lab's own package adds one without touching ours."""

import errno
import io
import subprocess
import sys
import textwrap

import pytest
from announced import announce
from rich.console import Console

from runs.store import StoreFullError
from runs.whole_files import write_whole
from solitons import load_campaign, run_campaign, shipped_campaigns
from solitons.campaigns.framework.kinds import campaign_kind
from solitons.campaigns.framework.report_template import ReportError

OURS = [each.name for each in shipped_campaigns()]

KIND = '''
from typing import ClassVar, Literal, final

from runs import CurrentPulses, Protocol, Relax, RunSpec
from solitons.campaigns.framework.base import AbstractCampaign, LabelledRun
from markupsafe import Markup
from solitons.campaigns.framework.results import Findings, Headline, Results


class MeanResults(Results):
    mean_mz: float

    def headlines(self):
        return [Headline(value=f"{self.mean_mz:.3f}", name="mean of m_z", detail="at the end")]


@final
class MeanCampaign(AbstractCampaign):
    """The mean magnetisation at the end of a run.

    Parameters
    ----------
    base : RunSpec
        The run.
    """

    references: ClassVar[tuple[str, ...]] = ("A. Nobody, J. Nowhere 1, 1 (2026).",)
    results_class: ClassVar[type[MeanResults]] = MeanResults

    kind: Literal["mean"] = "mean"
    base: RunSpec

    def labelled_runs(self, engine):
        return (LabelledRun(self.base.model_copy(update={"engine": engine}), "the only run"),)

    def analyse(self, runs, stages):
        (run,) = stages.over("Extract", runs.labelled)
        return Findings(MeanResults(mean_mz=float(runs.open(run)["mz"][-1])))

    def report(self, findings):
        return Markup("<p>It is {:.3f} {}</p>").format(findings.results.mean_mz, "<at the end>.")
'''


def package(folder, name, points, **modules):
    """Put a package into a folder as an installer would: modules beside metadata with entry points."""
    home = folder / name
    home.mkdir(parents=True)
    for module, source in modules.items():
        (home / f"{module}.py").write_text(textwrap.dedent(source))
    (home / "__init__.py").write_text("")
    announce(folder, name, {"solitons.campaigns": points})
    return home


@pytest.fixture
def lab(tmp_path, monkeypatch, make_spec):
    """A lab's package with a kind of its own, and a campaign that comes with it."""
    site = tmp_path / "site"
    home = package(site, "lab_of_means", {"mean": "lab_of_means.mean:MeanCampaign"}, mean=KIND)
    base = make_spec().model_dump_json()
    (home / "campaign.yaml").write_text(f"name: mean\nkind: mean\ntitle: A mean\nbase: {base}\n")
    monkeypatch.syspath_prepend(site)
    yield site
    for name in [name for name in sys.modules if name.startswith("lab_of_means")]:
        del sys.modules[name]


def test_a_labs_kind_runs_the_whole_way(lab, tmp_path):
    campaign = load_campaign("mean")
    assert type(campaign).__name__ == "MeanCampaign"
    summary = run_campaign(campaign, tmp_path / "store", engine="mock")
    assert -1 <= summary.results.mean_mz <= 1
    page = (tmp_path / "store/campaigns/mean/mock/report.html").read_text()
    assert "&lt;at the end&gt;" in page
    assert "A. Nobody" in page
    names = [each.name for each in shipped_campaigns()]
    # A kind's own campaign comes first, and a lab's kind among ours.
    assert names[2:6] == ["design", "design-adder", "dw-synapse", "dw-demo"]
    next_kind = OURS.index("mtj-switching")
    assert names == [*OURS[:next_kind], "mean", *OURS[next_kind:]]


@pytest.fixture
def text(lab):
    """The report of the lab's kind as a text beside its class; its analysis gives a table too."""
    module = lab / "lab_of_means" / "mean.py"
    source = (
        module.read_text()
        .partition("    def report")[0]
        .replace("    kind: Literal", '    table_names = ("means",)\n    kind: Literal')
    )
    source = source.replace('["mz"][-1])))', '["mz"][-1])), tables={"means": pd.DataFrame({"mz": [0.5]})})')
    module.write_text(f"import pandas as pd\n{source}")
    return module.with_name("report.md")


def test_a_text_that_was_edited_is_read_again(text, tmp_path):
    page = tmp_path / "store/campaigns/mean/mock/report.html"
    for words in ("It was {{ results.mean_mz | number('.1f') }}.", "It is {{ results.mean_mz | number('.1f') }}."):
        text.write_text(words)
        run_campaign(load_campaign("mean"), tmp_path / "store", engine="mock")
        assert words[:6] in page.read_text()


def test_a_text_that_names_what_is_not_there_costs_no_table(text, tmp_path):
    text.write_text("It is {{ results.missing }}.")
    campaign, console = load_campaign("mean"), Console(file=io.StringIO(), width=200)
    with pytest.raises(ReportError, match=r"report\.md: .*'missing'; it may name campaign, results"):
        run_campaign(campaign, tmp_path / "store", engine="mock", console=console)
    assert "mean of m_z" in console.file.getvalue()
    folder = tmp_path / "store/campaigns/mean/mock"
    assert (folder / "means.csv").read_text() == "mz\n0.5\n"
    assert not (folder / "summary.json").exists()
    text.write_text("It is {{ results.mean_mz }}.")
    assert run_campaign(campaign, tmp_path / "store", engine="mock").cached == 1


@pytest.mark.parametrize("file", ["report.html", "summary.json"])
def test_a_disk_that_is_full_when_the_report_is_written_costs_no_run(lab, tmp_path, monkeypatch, file):
    def full(path, text):
        if path.name == file:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_whole(path, text)

    campaign, console = load_campaign("mean"), Console(file=io.StringIO(), width=200)
    with monkeypatch.context() as on_a_full_disk:
        on_a_full_disk.setattr("solitons.campaigns.framework.workflow.write_whole", full)
        message = (
            r"results of campaign 'mean' could not be written \(its 1 runs are kept\), the disk is full .*same command"
        )
        with pytest.raises(StoreFullError, match=message):
            run_campaign(campaign, tmp_path / "store", engine="mock", console=console)
    if file == "report.html":
        assert "mean of m_z" in console.file.getvalue()
    assert run_campaign(campaign, tmp_path / "store", engine="mock").cached == 1


def test_a_package_that_cannot_be_imported_is_named_and_stops_nobody(lab):
    package(lab, "broken_lab", {"broken": "broken_lab.kind:Kind"}, kind="import no_such_module")
    with pytest.raises(ValueError, match=r"'broken'.*broken_lab 1\.0.*cannot be imported.*no_such_module"):
        campaign_kind("broken")
    found = {each.kind: each.problem for each in shipped_campaigns()}
    assert "broken_lab 1.0" in found.pop("broken")
    assert not any(found.values())
    assert load_campaign("dw-synapse").kind == "dw_synapse"


def test_two_packages_that_claim_one_name_are_refused(lab):
    package(lab, "other_lab", {"mean": "other_lab.kind:Kind"}, kind="")
    with pytest.raises(ValueError, match=r"'mean'.*claimed by lab_of_means 1\.0 and by other_lab 1\.0"):
        load_campaign("mean")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("Kind = 3", "is no AbstractCampaign"),
        (
            "from solitons.campaigns.framework.base import AbstractCampaign\n\n"
            "class Kind(AbstractCampaign):\n    kind: str = 'odd'\n",
            "lacks analyse",
        ),
        (KIND.replace("results_class", "other_class").replace("MeanCampaign", "Kind"), "has no results_class"),
        (
            KIND.replace("mean_mz", "runs").replace("MeanCampaign", "Kind"),
            "has a field 'runs', which stands in summary",
        ),
        (KIND.replace("def headlines", "def tiles").replace("MeanCampaign", "Kind"), "MeanResults lacks headlines"),
        (KIND.replace('"mean"', '"means"').replace("MeanCampaign", "Kind"), "has the field kind = 'means'"),
    ],
)
def test_an_entry_point_that_is_no_kind_says_what_is_wrong(lab, source, message):
    package(lab, "odd_lab", {"odd": "odd_lab.kind:Kind"}, kind=source)
    with pytest.raises(ValueError, match=message):
        campaign_kind("odd")
    sys.modules.pop("odd_lab.kind", None)
    sys.modules.pop("odd_lab", None)


def test_a_broken_file_names_the_keys_of_its_kind(lab, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nkind: mean\nbas: {}\n")
    with pytest.raises(ValueError, match=r"unknown key 'bas' in MeanCampaign; did you mean 'base'\?.*name.*kind.*base"):
        load_campaign(path)
    path.write_text("- a list\n")
    with pytest.raises(ValueError, match="a campaign is a table with a name, a kind"):
        load_campaign(path)
    path.write_text("name: mine\n")
    with pytest.raises(
        ValueError, match=r"kind = None is no kind of campaign; there are associative_memory, crossbar_limits"
    ):
        load_campaign(path)


@pytest.mark.slow
def test_results_are_stale_when_the_code_changed(lab, tmp_path):
    # The digest is read once a process: another process has the changed source.
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from solitons import load_campaign\n"
        "from solitons.campaigns.framework.provenance import results_key\n"
        "print(results_key(load_campaign('mean'), load_campaign('mean').specs('native')))"
    )

    def key():
        return subprocess.run([sys.executable, "-c", code, str(lab)], capture_output=True, text=True, check=True).stdout

    first = key()
    assert key() == first
    source = lab / "lab_of_means" / "mean.py"
    source.write_text(source.read_text().replace("[-1]", "[-2]"))
    assert key() != first
