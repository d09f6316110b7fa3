// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title OddWallet
/// @notice A wallet that answers the question for its signature in all the ways in which it can be answered.
contract OddWallet {
    enum Answer {
        Yes,
        No,
        Nothing,
        Short,
        DirtyWord,
        YesAndMuchMore,
        HugeNo,
        Reverts,
        RevertsWithYes,
        BurnsGas,
        YesIfGasIsEnough
    }

    /// @dev Somewhat less than the caller allows; the call itself takes some.
    uint256 private constant ENOUGH = 490_000;

    Answer public mode;

    receive() external payable {}

    function setAnswer(Answer mode_) external {
        mode = mode_;
    }

    function isValidSignature(bytes32, bytes calldata) external view {
        bytes memory yes = abi.encode(IERC1271.isValidSignature.selector);
        if (mode == Answer.Yes) _return(yes);
        if (mode == Answer.No) _return(abi.encode(bytes4(0xffffffff)));
        if (mode == Answer.Nothing) _return("");
        if (mode == Answer.Short) _return(abi.encodePacked(IERC1271.isValidSignature.selector, new bytes(27)));
        if (mode == Answer.DirtyWord) _return(abi.encode(uint256(bytes32(yes)) | 1));
        if (mode == Answer.YesAndMuchMore) _return(abi.encodePacked(yes, new bytes(50_000)));
        if (mode == Answer.HugeNo) _return(new bytes(50_000));
        if (mode == Answer.Reverts) revert("no signature here");
        if (mode == Answer.RevertsWithYes) _revert(yes);
        if (mode == Answer.BurnsGas) while (true) {}
        if (mode == Answer.YesIfGasIsEnough) _return(gasleft() > ENOUGH ? yes : abi.encode(0));
    }

    function _return(bytes memory data) private pure {
        assembly ("memory-safe") {
            return(add(data, 32), mload(data))
        }
    }

    function _revert(bytes memory data) private pure {
        assembly ("memory-safe") {
            revert(add(data, 32), mload(data))
        }
    }
}
