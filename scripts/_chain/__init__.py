"""What the commands share that talks to a chain: deployments, contracts, events, transactions, terms,
amounts.

system = load_system(network, provider)                     # from the manifest in deployments/
sent = send(system, "createJob", system.market.createJob, *arguments, sender=account, value=funds)
state = market_state(system, job_id)                        # from events alone
"""

from scripts._chain.deploy import Plan, deploy_system, plan_system
from scripts._chain.events import event_of, market_state, read_events
from scripts._chain.manifest import Manifest, manifest_path
from scripts._chain.system import System, load_system
from scripts._chain.transactions import Sent, send

__all__ = [
    "Manifest",
    "Plan",
    "Sent",
    "System",
    "deploy_system",
    "event_of",
    "load_system",
    "manifest_path",
    "market_state",
    "plan_system",
    "read_events",
    "send",
]
