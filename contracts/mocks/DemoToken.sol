// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title DemoToken
/// @notice The token that the demo pays with: six decimals, and everyone may mint. For local chains only.
contract DemoToken is ERC20 {
    constructor() ERC20("Winnow Demo Dollar", "USDW") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
