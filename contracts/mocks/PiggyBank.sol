// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title PiggyBank
/// @notice A savings box for the native coin: the example of docs/bring-your-own-contract.md. What an account saves it
/// takes out itself, from `DELAY` seconds after its latest deposit on. The owner can pause deposits, never withdrawals.
contract PiggyBank {
    uint256 public constant DELAY = 7 days;

    address public immutable owner;
    bool public paused;
    /// @notice What an account saved, in wei, and the first second at which it can be taken out.
    mapping(address account => uint256 amount) public savingsOf;
    mapping(address account => uint256 time) public unlocksAt;

    event Deposited(address indexed account, uint256 amount, uint256 unlocksAt);
    event Withdrawn(address indexed account, uint256 amount);
    event PauseSet(bool paused);

    error DepositsPaused();
    error NothingSent();
    error StillLocked(uint256 unlocksAt, uint256 time);
    error SavingsTooLow(uint256 savings, uint256 amount);
    error NotOwner(address caller);

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice Save the wei that come with the call. Locks everything that the caller saved for `DELAY` seconds.
    function deposit() external payable {
        require(!paused, DepositsPaused());
        require(msg.value != 0, NothingSent());
        savingsOf[msg.sender] += msg.value;
        unlocksAt[msg.sender] = block.timestamp + DELAY;
        emit Deposited(msg.sender, msg.value, block.timestamp + DELAY);
    }

    /// @notice Take out `amount` wei; `left` is what stays saved.
    function withdraw(uint256 amount) external returns (uint256 left) {
        uint256 time = unlocksAt[msg.sender];
        require(block.timestamp >= time, StillLocked(time, block.timestamp));
        uint256 savings = savingsOf[msg.sender];
        require(amount <= savings, SavingsTooLow(savings, amount));
        left = savings - amount;
        savingsOf[msg.sender] = left;
        emit Withdrawn(msg.sender, amount);
        Address.sendValue(payable(msg.sender), amount);
    }

    /// @notice Refuse deposits, or take them again.
    function setPaused(bool paused_) external {
        require(msg.sender == owner, NotOwner(msg.sender));
        paused = paused_;
        emit PauseSet(paused_);
    }
}
