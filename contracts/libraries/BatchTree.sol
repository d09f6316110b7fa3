// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title BatchTree
/// @notice The Merkle tree over the results of one batch: leaves in ascending task order, positional inner nodes
/// `keccak256(left ‖ right)`, an odd last node promoted unchanged.
/// @dev Position and size are known to the verifier, so proofs have exactly one length. Leaves are hashed twice, so an
/// inner node (64 bytes) is never the preimage of a leaf.
library BatchTree {
    /// @notice The leaf of one result; worthless to anyone but `annotator`, in this job of `market` on this chain.
    function leaf(address market, uint256 jobId, uint256 task, address annotator, bytes32 resultHash, bytes32 salt)
        internal
        view
        returns (bytes32)
    {
        bytes32 inner = keccak256(abi.encode(block.chainid, market, jobId, task, annotator, resultHash, salt));
        return keccak256(abi.encode(inner));
    }

    /// @notice Whether `node` is leaf number `index` of the tree of `size` leaves with root `root`.
    function verify(bytes32 root, bytes32 node, uint256 index, uint256 size, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        if (index >= size) return false;
        uint256 used;
        while (size > 1) {
            bool promoted = index % 2 == 0 && index == size - 1;
            if (!promoted) {
                if (used == proof.length) return false;
                bytes32 sibling = proof[used++];
                node = index % 2 == 0 ? _parent(node, sibling) : _parent(sibling, node);
            }
            index /= 2;
            size = (size + 1) / 2;
        }
        return used == proof.length && node == root;
    }

    function _parent(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encode(left, right));
    }
}
