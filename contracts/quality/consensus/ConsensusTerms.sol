// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IConsensusTruth} from "../../../interfaces/IConsensusTruth.sol";
import {Confusion} from "../../libraries/Confusion.sol";
import {Masks} from "../../libraries/Masks.sol";
import {ConsensusBook} from "./ConsensusBook.sol";

/// @title ConsensusTerms
/// @notice What terms a job may have, and what the owner may set.
abstract contract ConsensusTerms is IConsensusTruth, ConsensusBook {
    uint256 private constant MIN_REDUNDANCY = 3;
    uint256 private constant MAX_REDUNDANCY = 63;
    uint256 private constant MIN_CLASSES = 2;
    uint256 private constant MAX_CLASSES = 8;
    // Seats of a word times classes: the worst of them is settled within 15 million gas (docs/consensus.md).
    uint256 private constant MAX_OPINIONS = 224;
    uint256 private constant MIN_ACCEPT_BPS = 5_000;
    uint256 private constant MAX_GOLD_BPS = 5_000;
    uint256 private constant MAX_SLOPE_BPS = 200_000;
    uint256 private constant MAX_STAKE_BPS = 50_000;
    uint256 private constant MIN_WINDOW = 1 minutes;
    uint256 private constant MAX_WINDOW = 20 days;
    uint256 private constant MAX_SEATING = 30 days;
    // The highest score below which stake is lost, with two classes: one half and Merit.MARGIN.
    uint256 private constant MAX_CHANCE_BPS = 5_400;

    /// @inheritdoc IConsensusTruth
    function setUnit(address token, uint96 unit) external {
        // The other half knows the owner.
        require(msg.sender == Ownable(address(this)).owner(), Ownable.OwnableUnauthorizedAccount(msg.sender));
        _units[token] = unit;
        emit UnitSet(token, unit);
    }

    /// @inheritdoc IConsensusTruth
    function checkTerms(address creator, JobTerms calldata terms, address stakeToken) external view {
        require(creator != _sink, RoleConflict(creator));
        _checkPanel(creator, terms);
        _checkParent(creator, terms);
        _bound("pay", terms.pay, 1, type(uint96).max);
        // So that no matrix can count too far, however many tasks are known.
        _bound("taskCount", terms.taskCount, 1, Confusion.MOST);
        _bound("redundancy", terms.redundancy, MIN_REDUNDANCY, MAX_REDUNDANCY);
        uint256 seatsOfLayer = SEATS_OF_WORD / terms.redundancy;
        _bound("minSeat", terms.minSeat, (Masks.WORD + seatsOfLayer - 1) / seatsOfLayer, Masks.WORD);
        uint256 seats = (Masks.WORD + terms.minSeat - 1) / terms.minSeat * terms.redundancy;
        _bound("classes", terms.classes, MIN_CLASSES, Math.min(MAX_CLASSES, MAX_OPINIONS / seats));
        _bound("acceptBps", terms.acceptBps, MIN_ACCEPT_BPS, BPS - 1);
        _bound("noiseBps", terms.noiseBps, 0, BPS);
        _bound("goldBps", terms.goldBps, 0, MAX_GOLD_BPS);
        _bound("maxAuditBps", terms.maxAuditBps, terms.auditBps, terms.panelKind == PanelKind.None ? 0 : BPS);
        // Without a measure every seat would be paid in full, whatever it says.
        _bound("goldBps", uint256(terms.goldBps) + terms.auditBps, 1, BPS + MAX_GOLD_BPS);
        _bound("slopeBps", terms.slopeBps, BPS, MAX_SLOPE_BPS);
        _bound("stake", terms.stake, _leastStake(terms, stakeToken), type(uint96).max);
        _bound("maxStakeBps", terms.maxStakeBps, BPS, MAX_STAKE_BPS);
        _bound("seatsUntil", terms.seatsUntil, block.timestamp + MIN_WINDOW, block.timestamp + MAX_SEATING);
        _checkWindows(terms);
        _checkCode(terms.token, false);
        _checkCode(terms.rule, true);
        _checkCode(terms.hook, false);
    }

    function _checkWindows(JobTerms calldata terms) private pure {
        for (uint256 i = 0; i < terms.windows.length; ++i) {
            bool none =
                terms.panelKind == PanelKind.None && (i == uint256(Phase.Challenge) || i == uint256(Phase.Expert));
            _bound("windows", terms.windows[i], none ? 0 : MIN_WINDOW, none ? 0 : MAX_WINDOW);
        }
    }

    /// @dev What makes noise lose as much as its luckiest answers win, where pay and stake can be compared.
    function _leastStake(JobTerms calldata terms, address stakeToken) private pure returns (uint256) {
        if (terms.token != stakeToken) return 1;
        return (uint256(terms.pay) * terms.slopeBps * MAX_CHANCE_BPS + BPS * BPS - 1) / (BPS * BPS);
    }

    function _checkPanel(address creator, JobTerms calldata terms) private view {
        PanelKind kind = terms.panelKind;
        address account = address(uint160(uint256(terms.panel)));
        bool isAddress = uint256(terms.panel) >> 160 == 0;
        bool good = kind == PanelKind.None && terms.panel == 0 && terms.expertFee == 0 && terms.expertBudget == 0
            && terms.challengeBond == 0;
        if (kind == PanelKind.List) good = terms.panel != 0;
        if (kind == PanelKind.Contract) good = isAddress && account.code.length != 0;
        if (kind == PanelKind.Account) {
            good = isAddress && account != address(0) && account != creator && account != _sink;
        }
        require(good, BadPanel(kind, terms.panel));
    }

    function _checkParent(address creator, JobTerms calldata terms) private view {
        if (terms.parent == 0) return;
        Job storage parent = _jobs[terms.parent];
        bool good = parent.state == JobState.Closed && parent.creator == creator && parent.classes == terms.classes
            && parent.taskCount == terms.taskCount;
        require(good, BadParent(terms.parent));
    }

    function _bound(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, TermOutOfBounds(field, value, min, max));
    }

    function _checkCode(address account, bool needed) private view {
        require((account == address(0) && !needed) || account.code.length != 0, NotAContract(account));
    }
}
