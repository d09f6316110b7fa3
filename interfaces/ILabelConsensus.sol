// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IConsensusMarket} from "./IConsensusMarket.sol";
import {IConsensusTruth} from "./IConsensusTruth.sol";

/// @title ILabelConsensus
/// @notice Jobs in which several annotators label every task, and the contract decides which labels are accepted, who is paid
/// how much and who loses stake, by what is known to be true: without trusting the creator or anyone's word.
///
/// @dev Tasks are numbered from 0 in words of 256, as in `IAnnotationMarket`: task `t` is bit `t % 256` of word `t / 256`. A
/// job has `redundancy` layers; a seat is one annotator's place on a mask of tasks of one word in one layer, and he has at
/// most one a word. Labels are bytes, one a task, as many as the word has tasks, rounded up to 32: 0 is no answer, `c + 1` is
/// class `c`.
///
/// Phases are a pure function of the clock; no act opens or shortens one. Everybody may act up to and including the end of
/// his phase, and not before the end of the phase before:
/// ```
/// seats --seatsUntil--> reveal --> gold --> challenge --> expert --> score --> settle --> (expired)
/// ```
/// Seat:
/// ```
/// None --seat--> Seated --reveal--> Revealed --settle--> Done: paid by merit
///                   |                   \--expire (after the settle phase)--> Done: paid in full
///                   \--slashSilent (after the reveal phase)--> Done: the stake is burned
/// ```
/// Word: `Open --score--> Scored --settle--> Settled`; a word that is not scored can be settled when the score phase is over,
/// one that nobody settles is wound up seat by seat (`expire`). Job: `None --createJob--> Open --close--> Closed`.
///
/// What is kept of a seat, of a word's gold and of its accepted labels is a digest; events tell the rest, and whoever acts
/// hands it over. Silence is always safe: of annotators (their stake burns, the money is free again), of the creator who does
/// not open his gold (every revealed seat is paid in full), of the experts (bonds return, and a word with gold that was
/// challenged and not decided is not scored: whoever chose what to challenge would choose what the others are measured by; its
/// seats are paid in full), of those who score and settle (anyone may; then as above).
///
/// Ledger of a job, in base units: the creator locks `redundancy * (pay + fee)` for every task, and the experts' budget. A
/// revealed seat of `m` tasks takes `m * (pay + fee)` out: the annotator gets `m * pay` times his merit (see `Merit`), the
/// sink the rest. What no revealed seat took goes back to the creator when the job closes. Slashed stake is burned. Nothing
/// that anybody failed to earn ever goes to the creator or to other seats: gold is the creator's secret, and whoever could
/// gain by others' mistakes could gain by false gold.
///
/// The code stands in two contracts, since one may have 24,576 bytes (EIP-170): `LabelConsensus` hands every call that it has
/// no function for to its extension, whose address is fixed for ever, by a delegate call.
interface ILabelConsensus is IConsensusMarket, IConsensusTruth {}
