// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IGoverned} from "../../interfaces/IGoverned.sol";
import {Owned} from "./Owned.sol";

/// @title Governed
/// @notice Owner, pauser and protocol fee, within the bounds that `IGoverned` states.
abstract contract Governed is IGoverned, Owned, Pausable {
    /// @inheritdoc IGoverned
    uint16 public constant MAX_FEE_BPS = 500;

    /// @inheritdoc IGoverned
    address public immutable feeRecipient;

    /// @inheritdoc IGoverned
    uint16 public feeBps;

    /// @inheritdoc IGoverned
    address public pauser;

    constructor(address owner_, address feeRecipient_) Ownable(owner_) {
        require(feeRecipient_ != address(0), FeeRecipientRequired());
        feeRecipient = feeRecipient_;
        pauser = owner_;
        emit PauserSet(owner_);
    }

    /// @inheritdoc IGoverned
    function setFee(uint16 newFeeBps) external onlyOwner {
        require(newFeeBps <= MAX_FEE_BPS, FeeAboveCap(newFeeBps, MAX_FEE_BPS));
        feeBps = newFeeBps;
        emit FeeSet(newFeeBps);
    }

    /// @inheritdoc IGoverned
    function setPauser(address newPauser) external onlyOwner {
        pauser = newPauser;
        emit PauserSet(newPauser);
    }

    /// @inheritdoc IGoverned
    function pause() external {
        require(msg.sender == pauser || msg.sender == owner(), NotPauser(msg.sender));
        _pause();
    }

    /// @inheritdoc IGoverned
    function unpause() external onlyOwner {
        _unpause();
    }
}
