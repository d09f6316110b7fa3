// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IEligibilityHook} from "../../interfaces/IEligibilityHook.sol";

/// @title MockHook
/// @notice Admits exactly the question that a test expects, or answers badly.
contract MockHook is IEligibilityHook {
    enum Mode {
        Compare,
        Reverts,
        NoBoolean
    }

    error Unwelcome(address annotator);

    Mode public mode;
    bytes32 private _expected;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function expectQuestion(uint256 jobId, address annotator, uint256 tasks, bytes calldata data) external {
        _expected = keccak256(abi.encode(jobId, annotator, tasks, data));
    }

    /// @inheritdoc IEligibilityHook
    function isEligible(uint256 jobId, address annotator, uint256 tasks, bytes calldata data)
        external
        view
        returns (bool)
    {
        require(mode != Mode.Reverts, Unwelcome(annotator));
        if (mode == Mode.NoBoolean) {
            assembly ("memory-safe") {
                mstore(0, 2)
                return(0, 32)
            }
        }
        return keccak256(abi.encode(jobId, annotator, tasks, data)) == _expected;
    }
}
