// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Puppet
/// @notice A contract account that does what a test tells it to, and behaves on receiving money or a token as it is told.
contract Puppet {
    enum Mood {
        Accept,
        Refuse,
        BurnGas,
        CallBack
    }

    Mood public mood;
    /// @notice Whether the last call back succeeded, and the selector of the error if not.
    bool public calledBack;
    bytes4 public answer;

    bytes4 private _tokenAnswer = this.onERC721Received.selector;
    address private _target;
    bytes private _data;

    receive() external payable {
        if (mood == Mood.Refuse) revert("no money, please");
        if (mood == Mood.BurnGas) while (true) {}
        if (mood != Mood.CallBack) return;
        // slither-disable-next-line low-level-calls
        (bool success, bytes memory result) = _target.call(_data);
        (calledBack, answer) = (success, bytes4(result));
    }

    function setMood(Mood mood_) external {
        mood = mood_;
    }

    function callBackWith(address target, bytes calldata data) external {
        (mood, _target, _data) = (Mood.CallBack, target, data);
    }

    function setTokenAnswer(bytes4 tokenAnswer) external {
        _tokenAnswer = tokenAnswer;
    }

    function execute(address target, bytes calldata data) external payable returns (bytes memory) {
        (bool success, bytes memory result) = target.call{value: msg.value}(data);
        if (success) return result;
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }

    /// @notice Calls in this order, in one transaction: all of them, or none.
    function executeAll(address target, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            this.execute(target, calls[i]);
        }
    }

    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        require(mood != Mood.Refuse, "no token, please");
        return _tokenAnswer;
    }
}
