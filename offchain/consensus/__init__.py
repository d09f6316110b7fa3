"""Consensus among annotators: labels, commitments, gold, rules and pay, in the integers of the contracts."""

from offchain.consensus._commitments import (
    GoldTree,
    GoldWord,
    audit_mask,
    audit_seed,
    commitment,
    salt_part,
)
from offchain.consensus._labels import (
    MAX_CLASSES,
    MIN_CLASSES,
    WORD,
    answered,
    decode_labels,
    encode_labels,
    merged,
    only,
    padded_length,
)
from offchain.consensus._logs import log2
from offchain.consensus._matrix import Matrix, matrix_words, pooled
from offchain.consensus._pay import MARGIN, WAD, WHOLE, Merit, is_measured, merit_of
from offchain.consensus._rules import MIN_VOTES, RULES, Ballot, Rule, Verdict, majority, unanimous, weighted
from offchain.consensus._terms import (
    WINDOWS,
    ConsensusState,
    ConsensusTerms,
    PanelKind,
    Phase,
    WordState,
    account_panel,
    consensus_terms_hash,
)

__all__ = [
    "MARGIN",
    "MAX_CLASSES",
    "MIN_CLASSES",
    "MIN_VOTES",
    "RULES",
    "WAD",
    "WHOLE",
    "WINDOWS",
    "WORD",
    "Ballot",
    "ConsensusState",
    "ConsensusTerms",
    "GoldTree",
    "GoldWord",
    "Matrix",
    "Merit",
    "PanelKind",
    "Phase",
    "Rule",
    "Verdict",
    "WordState",
    "account_panel",
    "answered",
    "audit_mask",
    "audit_seed",
    "commitment",
    "consensus_terms_hash",
    "decode_labels",
    "encode_labels",
    "is_measured",
    "log2",
    "majority",
    "matrix_words",
    "merged",
    "merit_of",
    "only",
    "padded_length",
    "pooled",
    "salt_part",
    "unanimous",
    "weighted",
]
