"""A small contract with something for every operator, and its sites."""

from functools import cache

from tests.mutation.compiler import Compiler
from tests.mutation.project import Project, load
from tests.mutation.sites import Site

NAME = "contracts/annotation/Sample.sol"
SAMPLE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Sums} from "../libraries/Sums.sol";

/// @notice 1 < 2 && 3 == 4 is documentation, not code; ‖ has three bytes, so columns are counted in bytes.
contract Sample {
    using Sums for uint256;

    enum State { None, Open, Closed }
    struct Job { address creator; address arbiter; uint64 open; uint64 taken; bool live; }
    error Wrong(uint256 given, uint256 wanted);
    event Moved(uint256 id, address by);

    uint256 private constant FLAG = 1 << 4;
    uint256 private constant OTHER_FLAG = 0x20;
    uint256 private constant CALL_GAS = 100_000;
    mapping(address => uint256) private _paid;
    mapping(address => uint256) private _owed;
    address public owner;
    Job private _job;
    State private _state;

    modifier onlyOwner() { require(msg.sender == owner); _; }

    function compare(uint256 a, uint256 b) external pure returns (bool x) { x = a < b; }
    function choose(uint256 a, uint256 b) external pure returns (uint256 x) { x = a > b ? a : b; }
    function both(bool a, bool b) external pure returns (bool x) { x = a && !b; }
    function branch(bool a, uint256 x) external pure returns (uint256) { if (a) x++; return x; }
    function says(bool a) external pure returns (bool) { if (a) return true; return a; }
    function sums(uint256 a, uint256 x) external pure returns (uint256) { x += a % 2; return x; }
    function bits(uint256 a, uint256 x) external pure returns (uint256) { x &= ~(a << 4); return x; }
    function loops() external pure { for (uint256 i = 0; i < 3; ++i) {} }
    function late(uint256 deadline) external view { require(block.timestamp <= deadline); }
    function _inTime(uint256 limit) private view { require(block.timestamp <= limit, Wrong(limit, 1)); }
    function timed(uint256 since) external { _inTime(since + 7); _job.open = uint64(block.timestamp); }
    function guarded() external onlyOwner { if (!_job.live) revert Wrong(2, 3); }
    function acts(uint256 id) external {
        emit Moved(id, msg.sender);
        delete _job;
        (_state, _job.live) = (State.Open, true);
    }
    function results(uint256 a) external pure returns (uint256 x) {
        uint256 y = a.twice();
        x = y.twice();
        return y;
    }
    function pay(address to, uint256 amount, uint256 most) external { _pay(to, amount, most); }
    function same(address to, uint256 most) external { _pay(to, most, most); }
    function settle(uint256 amount) external { _pay(_job.creator, amount, amount + 1); }
    function _pay(address to, uint256 amount, uint256 most) private {
        require(amount <= most);
        _paid[to] += amount;
    }
    function counts() external view returns (uint256) { return _job.open & FLAG; }
}
"""
SUMS = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

library Sums {
    function twice(uint256 a) internal pure returns (uint256) { return a + a; }
    function half(uint256 a) internal pure returns (uint256) { return a % 2 == 0 ? a / 2 : a << 3; }
}
"""
HARNESS = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Sums} from "../libraries/Sums.sol";

contract SumsHarness {
    function twice(uint256 a) external pure returns (uint256) { return Sums.twice(a); }
}
"""
SOURCES = {
    NAME: SAMPLE,
    "contracts/libraries/Sums.sol": SUMS,
    "contracts/mocks/SumsHarness.sol": HARNESS,
    "interfaces/ILonely.sol": "pragma solidity ^0.8.28; interface ILonely { function lonely() external; }",
}


@cache
def sample_project() -> Project:
    compiler = Compiler(SOURCES)
    try:
        return load(compiler)
    finally:
        compiler.close()


@cache
def sample_sites() -> tuple[Site, ...]:
    return tuple(sample_project().sites())
