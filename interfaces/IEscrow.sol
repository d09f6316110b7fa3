// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISignedActs} from "./ISignedActs.sol";

/// @title IEscrow
/// @notice Holds money that is owed to others, in the native coin (`address(0)`) and in ERC-20 tokens alike.
/// @dev Ledger, for each token: `balance >= liabilities[token]` after every call, with equality while nobody donated.
/// `liabilities` holds everything owed: what the inheriting contract reserved plus all credits.
///
/// Payment is at once, with a bounded amount of gas. Where the recipient reverts, burns the gas or is refused by the
/// token, the amount becomes a credit, which its owner withdraws later to an address of his choice; so does what a recipient
/// gives back on the spot. Nobody's failure touches anyone else, but that of many in one call may make credits of payments.
///
/// Warning: a token must move exactly the amount that it is asked to move out of this contract, and deliver at least the
/// amount that it is asked to deliver to it. Tokens that take a fee on deposit are refused. Tokens whose balances change
/// by themselves (rebasing) can leave this contract short of that one token; other tokens are not affected.
interface IEscrow is ISignedActs {
    /// @notice Emitted when `amount` could not, or should not, be paid at once and is now withdrawable by `account`.
    event Credited(address indexed token, address indexed account, uint256 amount);
    /// @notice Emitted when `account` took `amount` of his credit out to `to`.
    event CreditWithdrawn(address indexed token, address indexed account, address indexed to, uint256 amount);

    /// @notice Thrown when the native coin sent with a call is not exactly what the call costs (0 for ERC-20 payments).
    error WrongValue(uint256 expected, uint256 sent);
    /// @notice Thrown when a token delivered less than it was asked to (for instance because it takes a fee).
    error DepositShort(address token, uint256 expected, uint256 received);
    /// @notice Thrown when a token took more than `amount` from this contract, or nothing in a withdrawal.
    error TransferMismatch(address token, uint256 amount, uint256 spent);
    /// @notice Thrown when the caller left too little gas to give the recipient his full allowance.
    error PaymentGasTooLow(uint256 required, uint256 available);
    /// @notice Thrown when a withdrawal asks for nothing or for more than the credit.
    error CreditTooLow(address token, address account, uint256 credit, uint256 asked);
    /// @notice Thrown when a withdrawal would go to the zero address or back into this contract.
    error BadRecipient(address to);

    /// @notice Everything that this contract owes in `token`, credits included, in the token's base units.
    function liabilities(address token) external view returns (uint256);

    /// @notice What `account` can withdraw in `token`, in the token's base units.
    function creditOf(address token, address account) external view returns (uint256);

    /// @notice Sends `amount` of the caller's credit to `to`, with all the gas; reverts as a whole if `to` does not take it.
    /// What a token moves less than `amount` is credited again.
    /// @param token `address(0)` for the native coin.
    function withdraw(address token, address to, uint256 amount) external;

    /// @notice `withdraw` in the name of `auth.signer`.
    /// @dev Signed struct: `Withdraw(address token,address to,uint256 amount,address account,uint256 nonce,uint256 deadline)`.
    function withdrawBySig(address token, address to, uint256 amount, Authorization calldata auth) external;
}
