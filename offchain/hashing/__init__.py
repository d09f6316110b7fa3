"""Hashes that must equal those of the contracts, of 0G Storage and of IPFS. Pure: bytes or a file in, a value
out.
"""

from offchain.hashing._allowlist import AllowList, allow_list_leaf, verify_allow_list_proof
from offchain.hashing._batch import batch_leaf, batch_proof, batch_root, verify_batch_proof
from offchain.hashing._canonical import canonical_json, parse_canonical_json, result_hash
from offchain.hashing._cid import Profile, ipfs_cid, ipfs_folder_cid
from offchain.hashing._keccak import address_bytes, bytes32, checksum_address, keccak256, sha256_file
from offchain.hashing._rewards import RewardTree, reward_leaf, verify_reward_proof
from offchain.hashing._segments import (
    SEGMENT,
    SegmentProof,
    segment_count,
    segment_proof,
    segment_root,
    segment_roots,
    segment_size,
    verify_segment,
)
from offchain.hashing._words import mask_of, masks_of, rank_in_mask, tasks_of
from offchain.hashing._zerog import Node, ZeroGRoot, available_methods, fold_nodes, padded_chunks, zerog_root

__all__ = [
    "SEGMENT",
    "AllowList",
    "Node",
    "Profile",
    "RewardTree",
    "SegmentProof",
    "ZeroGRoot",
    "address_bytes",
    "allow_list_leaf",
    "available_methods",
    "batch_leaf",
    "batch_proof",
    "batch_root",
    "bytes32",
    "canonical_json",
    "checksum_address",
    "fold_nodes",
    "ipfs_cid",
    "ipfs_folder_cid",
    "keccak256",
    "mask_of",
    "masks_of",
    "padded_chunks",
    "parse_canonical_json",
    "rank_in_mask",
    "result_hash",
    "reward_leaf",
    "segment_count",
    "segment_proof",
    "segment_root",
    "segment_roots",
    "segment_size",
    "sha256_file",
    "tasks_of",
    "verify_allow_list_proof",
    "verify_batch_proof",
    "verify_reward_proof",
    "verify_segment",
    "zerog_root",
]
