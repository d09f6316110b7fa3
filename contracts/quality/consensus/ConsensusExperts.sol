// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IConsensusTruth} from "../../../interfaces/IConsensusTruth.sol";
import {IExpertPanel} from "../../../interfaces/IExpertPanel.sol";
import {Labels} from "../../libraries/Labels.sol";
import {Masks} from "../../libraries/Masks.sol";
import {ConsensusBook} from "./ConsensusBook.sol";

/// @title ConsensusExperts
/// @notice Who is an expert, what experts get, and the labels they give where annotators found none.
abstract contract ConsensusExperts is IConsensusTruth, ConsensusBook {
    bytes32 private constant RESOLVE_TYPEHASH = keccak256(
        "Resolve(uint256 jobId,uint256 word,uint256 mask,bytes32 verdictsHash,address account,uint256 nonce,"
        "uint256 deadline)"
    );

    /* UNRESOLVED TASKS */

    /// @inheritdoc IConsensusTruth
    function resolve(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        bytes calldata labels,
        bytes calldata panelData
    ) external nonReentrant {
        _resolve(msg.sender, jobId, word, mask, verdicts, labels, panelData);
    }

    /// @inheritdoc IConsensusTruth
    function resolveBySig(
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        bytes calldata labels,
        bytes calldata panelData,
        Authorization calldata auth
    ) external nonReentrant {
        bytes32 what = keccak256(
            abi.encode(RESOLVE_TYPEHASH, jobId, word, mask, keccak256(verdicts), auth.signer, auth.nonce, auth.deadline)
        );
        _authorize(what, auth);
        _resolve(auth.signer, jobId, word, mask, verdicts, labels, panelData);
    }

    function _resolve(
        address expert,
        uint256 jobId,
        uint256 word,
        uint256 mask,
        bytes calldata verdicts,
        bytes calldata labels,
        bytes calldata panelData
    ) private {
        Job storage job_ = _openJob(jobId);
        uint256 closes = _resolveEnd(job_);
        _requireBetween(0, closes);
        WordState state = _words[jobId][word].state;
        require(state == WordState.Settled, WrongWordState(jobId, word, state));
        _requireExpert(jobId, job_, word, expert, panelData);
        require(keccak256(labels) == _wordDigests[jobId][word], WrongTruth(jobId, word));
        uint256 allowed = _unresolved[jobId][word];
        require(mask != 0 && mask & ~allowed == 0, TasksNotAvailable(word, mask, allowed));
        uint256 labelled = Labels.check(verdicts, labels.length, job_.classes);
        require(labelled == mask, TasksNotLabelled(word, labelled, mask));

        uint256 fee = _takeFee(jobId, job_, mask);
        _unresolved[jobId][word] = allowed & ~mask;
        if (allowed == mask) --_books[jobId].unresolved;
        _wordDigests[jobId][word] = keccak256(Labels.merge(labels, verdicts));
        emit TasksResolved(jobId, word, expert, mask, verdicts, fee);
        _pay(job_.token, expert, fee);
    }

    /* THE END */

    /// @inheritdoc IConsensusTruth
    function close(uint256 jobId) external nonReentrant {
        Job storage job_ = _openJob(jobId);
        Book storage book = _books[jobId];
        require(book.live == 0, SeatsLive(jobId, book.live));
        bool early = msg.sender == job_.creator && book.seated == 0;
        uint256 opens = book.unresolved != 0 && job_.panelKind != PanelKind.None ? _resolveEnd(job_) : job_.seatsUntil;
        require(early || block.timestamp > opens, OutsidePhase(opens, type(uint256).max, block.timestamp));

        uint256 refund = uint256(book.balance) + book.expertBudget;
        (book.balance, book.expertBudget) = (0, 0);
        job_.state = JobState.Closed;
        emit JobEnded(jobId, refund);
        _pay(job_.token, job_.creator, refund);
    }

    /* EXPERTS */

    /// @dev Experts have, and had, no seat on the word, and are neither the creator, whose gold they judge, nor the sink.
    function _requireExpert(uint256 jobId, Job storage job_, uint256 word, address account, bytes calldata panelData)
        internal
        view
    {
        require(_isExpert(jobId, job_, account, panelData), NotExpert(jobId, account));
        bool impartial = account != job_.creator && account != _sink && _seats[jobId][word][account] == 0;
        require(impartial, RoleConflict(account));
    }

    function _isExpert(uint256 jobId, Job storage job_, address account, bytes calldata panelData)
        private
        view
        returns (bool)
    {
        PanelKind kind = job_.panelKind;
        bytes32 panel = job_.panel;
        if (kind == PanelKind.Account) return account == address(uint160(uint256(panel)));
        if (kind == PanelKind.Contract) {
            return IExpertPanel(address(uint160(uint256(panel)))).isExpert(jobId, account, panelData);
        }
        if (kind == PanelKind.None) return false;
        bytes32 leaf = keccak256(abi.encode(keccak256(abi.encode(account))));
        return MerkleProof.verify(abi.decode(panelData, (bytes32[])), panel, leaf);
    }

    /// @dev Takes the fee for the tasks of `mask` out of the budget; the caller pays it at the very end. Experts may go on when
    /// the budget is spent: what they cannot decide would be for nobody to decide.
    function _takeFee(uint256 jobId, Job storage job_, uint256 mask) internal returns (uint256 fee) {
        uint256 budget = _books[jobId].expertBudget;
        fee = Math.min(Masks.count(mask) * job_.expertFee, budget);
        _books[jobId].expertBudget = uint96(budget - fee);
    }
}
