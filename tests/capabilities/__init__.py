"""The project's contracts as capabilities of the program engine."""

CAPABILITIES = (
    "tests.capabilities.market.MarketPlay",
    "tests.capabilities.registry.RegistryPlay",
    "tests.capabilities.staking.StakingPlay",
    "tests.capabilities.rewards.RewardsPlay",
    "tests.capabilities.reputation.ReputationPlay",
    "tests.capabilities.consensus.ConsensusPlay",
)
"""All of them, as import paths: what a campaign plays where it is not told which."""
