from .campaigns.framework.axes import Axis
from .campaigns.framework.base import AbstractCampaign, AbstractSweptCampaign
from .campaigns.framework.kinds import load_campaign, shipped_campaigns
from .campaigns.framework.opening import campaign_table, open_campaign
from .campaigns.framework.workflow import run_campaign
from .devices.neuron import AbstractNeuron
from .devices.synapse import AbstractSynapse, LinearSynapse
from .domain_walls.neuron import DomainWallNeuron
from .domain_walls.synapse import DomainWallSynapse
from .fits.consider_parameters import Considered
from .fits.material_uncertainty import MaterialUncertainty, consider
from .fits.provenance import FittedRange, OutsideFittedRange, Provenance
from .models.loading import load_model
from .models.saving import save_model
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
