// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Lookout
/// @notice Answers many views in one call, so that a test can look at everything after each step at once.
contract Lookout {
    uint256 private constant ADDRESS = 20;
    uint256 private constant HEAD = 22;

    /// @dev A view that reverts.
    error ViewFailed(address target, bytes call, bytes reason);

    /// @notice `reads` are any number of: target (20 bytes), length of the calldata (2 bytes), calldata. The answers are
    /// joined as they come. Without calldata the answer is the target's balance in wei, one word.
    fallback(bytes calldata reads) external returns (bytes memory answers) {
        uint256 at;
        while (at < reads.length) {
            address target = address(bytes20(reads[at:at + ADDRESS]));
            uint256 end = at + HEAD + uint16(bytes2(reads[at + ADDRESS:at + HEAD]));
            answers = bytes.concat(answers, _ask(target, reads[at + HEAD:end]));
            at = end;
        }
    }

    function _ask(address target, bytes calldata call) private view returns (bytes memory) {
        if (call.length == 0) return abi.encode(target.balance);
        // slither-disable-next-line low-level-calls
        (bool success, bytes memory answer) = target.staticcall(call);
        require(success, ViewFailed(target, call, answer));
        return answer;
    }
}
