// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MockToken} from "./MockToken.sol";

/// @title FalseToken
/// @notice Answers `false` instead of reverting: because it moved nothing, or although it moved everything.
contract FalseToken is MockToken {
    enum Mood {
        Honest,
        MovesNothing,
        MovesAll
    }

    Mood public mood;

    constructor() MockToken(18) {}

    function setMood(Mood mood_) external {
        mood = mood_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return mood != Mood.MovesNothing && super.transfer(to, amount) && mood == Mood.Honest;
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return mood != Mood.MovesNothing && super.transferFrom(from, to, amount) && mood == Mood.Honest;
    }
}
