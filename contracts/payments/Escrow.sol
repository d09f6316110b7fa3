// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {LibCall} from "solady/utils/LibCall.sol";

import {IEscrow} from "../../interfaces/IEscrow.sol";
import {SignedActs} from "../access/SignedActs.sol";

/// @title Escrow
/// @notice The one place where money comes in and goes out. See `IEscrow` for the ledger.
/// @dev Every state-changing function of an inheriting contract is `nonReentrant`: one lock for all of them. Inheriting
/// contracts finish their own effects and events before they call `_receive`, `_pay` or `_credit`.
abstract contract Escrow is IEscrow, SignedActs, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    address internal constant NATIVE = address(0);

    /// @dev Gas that a recipient of the native coin may use; what costs more becomes a credit.
    uint256 internal constant NATIVE_STIPEND = 100_000;
    /// @dev Gas that a token may use for one transfer.
    uint256 internal constant TOKEN_STIPEND = 200_000;
    /// @dev Gas for the call itself (up to 36,600) and for booking a credit and returning afterwards.
    uint256 internal constant PAYMENT_RESERVE = 90_000;
    // A call passes on at most 63/64 of what is left (EIP-150).
    uint256 private constant NATIVE_GAS = NATIVE_STIPEND * 64 / 63 + PAYMENT_RESERVE;
    uint256 private constant TOKEN_GAS = TOKEN_STIPEND * 64 / 63 + PAYMENT_RESERVE;

    bytes32 private constant WITHDRAW_TYPEHASH =
        keccak256("Withdraw(address token,address to,uint256 amount,address account,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IEscrow
    mapping(address token => uint256 amount) public liabilities;

    /// @inheritdoc IEscrow
    mapping(address token => mapping(address account => uint256 amount)) public creditOf;

    /* WITHDRAWALS */

    /// @inheritdoc IEscrow
    function withdraw(address token, address to, uint256 amount) external nonReentrant {
        _withdraw(msg.sender, token, to, amount);
    }

    /// @inheritdoc IEscrow
    function withdrawBySig(address token, address to, uint256 amount, Authorization calldata auth)
        external
        nonReentrant
    {
        _authorize(
            keccak256(abi.encode(WITHDRAW_TYPEHASH, token, to, amount, auth.signer, auth.nonce, auth.deadline)), auth
        );
        _withdraw(auth.signer, token, to, amount);
    }

    function _withdraw(address account, address token, address to, uint256 amount) internal {
        uint256 credit = creditOf[token][account];
        require(amount != 0 && amount <= credit, CreditTooLow(token, account, credit, amount));
        require(to != address(0) && to != address(this), BadRecipient(to));

        creditOf[token][account] = credit - amount;
        liabilities[token] -= amount;
        emit CreditWithdrawn(token, account, to, amount);

        if (token == NATIVE) {
            Address.sendValue(payable(to), amount);
        } else {
            uint256 balanceBefore = IERC20(token).balanceOf(address(this));
            IERC20(token).safeTransfer(to, amount);
            uint256 spent = _spent(token, balanceBefore);
            require(spent != 0 && spent <= amount, TransferMismatch(token, amount, spent));
            _restore(token, account, amount - spent);
        }
    }

    /* MONEY IN */

    /// @dev Takes exactly `amount` of `token` and books it as owed. The native coin must come with the call; tokens are
    /// pulled from `from`. More than `amount` arriving (a hook that deposits again) is a donation, not a second booking.
    function _receive(address token, address from, uint256 amount) internal {
        liabilities[token] += amount;
        if (token == NATIVE) {
            require(msg.value == amount, WrongValue(amount, msg.value));
            return;
        }
        require(msg.value == 0, WrongValue(0, msg.value));
        if (amount == 0) return;

        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), amount);
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        uint256 received = balanceAfter > balanceBefore ? balanceAfter - balanceBefore : 0;
        require(received >= amount, DepositShort(token, amount, received));
    }

    /* MONEY OUT */

    /// @dev Pays `amount` that is booked as owed: at once what `to` takes, as a credit what he does not.
    function _pay(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        liabilities[token] -= amount;
        _restore(token, to, amount - _push(token, to, amount));
    }

    /// @dev What did not leave is still owed.
    function _restore(address token, address account, uint256 unpaid) private {
        if (unpaid == 0) return;
        liabilities[token] += unpaid;
        _credit(token, account, unpaid);
    }

    /// @dev Books `amount`, which is already owed, as withdrawable by `account`.
    function _credit(address token, address account, uint256 amount) internal {
        if (amount == 0) return;
        creditOf[token][account] += amount;
        emit Credited(token, account, amount);
    }

    /// @return spent What left this contract: nothing where the recipient or the token refused, less than `amount` where
    /// the recipient gave some back on the spot. Neither may stop anybody else; only a token that takes more does.
    function _push(address token, address to, uint256 amount) private returns (uint256 spent) {
        if (token != NATIVE) return _spend(token, abi.encodeCall(IERC20.transfer, (to, amount)), amount);
        _requireGas(NATIVE_GAS);
        (bool paid,,) = LibCall.tryCall(to, amount, NATIVE_STIPEND, 0, "");
        return paid ? amount : 0;
    }

    /// @dev Asks `token` to do `act`, which may take up to `amount` from this contract.
    /// @return spent What left. What the token says does not count.
    function _spend(address token, bytes memory act, uint256 amount) internal returns (uint256 spent) {
        _requireGas(TOKEN_GAS);
        uint256 balanceBefore = IERC20(token).balanceOf(address(this));
        // slither-disable-next-line unused-return
        LibCall.tryCall(token, 0, TOKEN_STIPEND, 0, act);
        spent = _spent(token, balanceBefore);
        require(spent <= amount, TransferMismatch(token, amount, spent));
    }

    /// @dev The caller of the transaction must not be able to turn a payment into a credit by sending little gas.
    function _requireGas(uint256 required) private view {
        require(gasleft() > required, PaymentGasTooLow(required, gasleft()));
    }

    function _spent(address token, uint256 balanceBefore) private view returns (uint256) {
        uint256 balanceAfter = IERC20(token).balanceOf(address(this));
        return balanceAfter < balanceBefore ? balanceBefore - balanceAfter : 0;
    }
}
