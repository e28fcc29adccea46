from .campaigns.axes import Axis
from .campaigns.base import AbstractCampaign, AbstractSweptCampaign
from .campaigns.kinds import load_campaign, shipped_campaigns
from .campaigns.opening import campaign_table, open_campaign
from .campaigns.workflow import run_campaign
from .consider_parameters import Considered
from .devices.neuron import AbstractNeuron
from .devices.synapse import AbstractSynapse, LinearSynapse
from .material_uncertainty import MaterialUncertainty, consider
from .provenance import FittedRange, OutsideFittedRange, Provenance
from .saving import load_model, save_model
from .walls.neuron import DomainWallNeuron
from .walls.synapse import DomainWallSynapse
from .watch.notebook import watch_campaign, watching_campaign

__all__ = [
    "AbstractCampaign",
    "AbstractNeuron",
    "AbstractSweptCampaign",
    "AbstractSynapse",
    "Axis",
    "Considered",
    "DomainWallNeuron",
    "DomainWallSynapse",
    "FittedRange",
    "LinearSynapse",
    "MaterialUncertainty",
    "OutsideFittedRange",
    "Provenance",
    "campaign_table",
    "consider",
    "load_campaign",
    "load_model",
    "open_campaign",
    "run_campaign",
    "save_model",
    "shipped_campaigns",
    "watch_campaign",
    "watching_campaign",
]
