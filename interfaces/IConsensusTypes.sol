// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IConsensusTypes
/// @notice What both halves of `ILabelConsensus` speak of: types, events, errors.
interface IConsensusTypes {
    /* TYPES */

    /// @notice The life of a job.
    enum JobState {
        None,
        Open,
        Closed
    }

    /// @notice The life of a word of tasks.
    enum WordState {
        Open,
        Scored,
        Settled
    }

    /// @notice Who the experts are: nobody, the account `panel`, those on the list with the Merkle root `panel` (leaves as in
    /// OpenZeppelin's standard tree of `address`), or whom the `IExpertPanel` at the address `panel` names.
    enum PanelKind {
        None,
        Account,
        List,
        Contract
    }

    /// @notice The terms of a job: fixed when it opens, covered by `termsHash`, which every signature over a seat covers.
    /// @param token Payment token; `address(0)` is the native coin.
    /// @param pay Highest pay for a label of difficulty 1.00, base units, at least 1.
    /// @param taskCount 1 to 32,767.
    /// @param redundancy Annotators a task, 3 to 63.
    /// @param classes 2 to 8; the seats of a word times classes are at most 224, so that it can be settled:
    /// `redundancy * ceil(256 / minSeat) * classes <= 224`.
    /// @param minSeat Fewest tasks of a seat, unless it takes all that is left in its layer; at least so many that a word has
    /// no more than `MAX_SEATS` seats: `redundancy * ceil(256 / minSeat) <= MAX_SEATS`.
    /// @param acceptBps What the rule needs to accept a label, basis points, 5,000 to 9,999.
    /// @param noiseBps Where of a word's tasks with enough answers a smaller share than this reaches the threshold, none of
    /// the word is accepted; basis points.
    /// @param goldBps Smallest share of gold in each word, basis points, at most 5,000; opening less is as opening none.
    /// @param auditBps Share of an annotator's tasks that experts may audit, basis points, for a perfect reputation.
    /// @param maxAuditBps The same for no reputation.
    /// @param slopeBps How fast pay rises with the score above chance (see `Merit`), basis points, 10,000 to 200,000.
    /// @param feeBps Protocol fee in basis points of the full pay of revealed seats; must be the fee of the day.
    /// @param stake Stake for a label of difficulty 1.00 in the stake token's base units, for a perfect reputation. Where pay
    /// and stake are the same token it is at least `pay * slope * 0.54`, which is what makes noise lose; where they differ,
    /// see to it yourself.
    /// @param maxStakeBps Stake for no reputation in basis points of `stake`, 10,000 to 50,000.
    /// @param seatsUntil End of the phase in which seats are taken, Unix seconds.
    /// @param windows Lengths of the phases reveal, gold, challenge, expert, score and settle, in seconds: 1 minute to 20 days
    /// each; challenge and expert are 0 without a panel.
    /// @param rule Decides which labels are accepted (`IConsensusRule`).
    /// @param hook Optional `IEligibilityHook`, asked for every seat.
    /// @param panelKind See `PanelKind`.
    /// @param panel See `PanelKind`.
    /// @param expertFee What experts get for each task they decide, whatever they decide, as long as the budget lasts; base
    /// units.
    /// @param expertBudget Deposited for it; what is not used returns to the creator.
    /// @param challengeBond Deposited for each task whose gold an annotator challenges; base units.
    /// @param goldRoot Merkle root over one salted leaf for each word of the job in ascending order, also for those without
    /// gold: `keccak256(keccak256(abi.encode(word, mask, keccak256(labels), salt)))`. Each word has one place in the tree (see
    /// `BatchTree`), so that nobody can choose later what was gold.
    /// @param domain What reputation is kept of; zero to keep none.
    /// @param parent The job whose unaccepted tasks this one labels anew; 0 for none. Same creator, classes and task count. A
    /// word that it did not settle is taken from its own parent, up to 8 jobs back, and else labelled whole.
    /// @param dataRoot 0G Storage root of the source data.
    /// @param dataLength Its length in bytes.
    /// @param instructionsHash Hash of the instructions for annotators.
    /// @param multipliers Difficulty classes as in `IAnnotationMarket`; 0 means that every task counts 1.00.
    struct JobTerms {
        address token;
        uint96 pay;
        uint24 taskCount;
        uint8 redundancy;
        uint8 classes;
        uint16 minSeat;
        uint16 acceptBps;
        uint16 noiseBps;
        uint16 goldBps;
        uint16 auditBps;
        uint16 maxAuditBps;
        uint24 slopeBps;
        uint16 feeBps;
        uint96 stake;
        uint16 maxStakeBps;
        uint40 seatsUntil;
        uint24[6] windows;
        address rule;
        address hook;
        PanelKind panelKind;
        bytes32 panel;
        uint96 expertFee;
        uint96 expertBudget;
        uint96 challengeBond;
        bytes32 goldRoot;
        bytes32 domain;
        uint64 parent;
        bytes32 dataRoot;
        uint64 dataLength;
        bytes32 instructionsHash;
        uint128 multipliers;
    }

    /// @notice What an annotator asks for.
    /// @param layer 0 to `redundancy - 1`.
    /// @param mask Tasks of the word.
    /// @param commitment See `hashCommitment`.
    /// @param maxStake The most that he agrees to lock, base units of the stake token.
    struct SeatRequest {
        uint256 jobId;
        uint256 word;
        uint256 layer;
        uint256 mask;
        bytes32 commitment;
        uint128 maxStake;
    }

    /// @notice What a seat is, as its annotator got it.
    /// @param mask The tasks of it.
    /// @param stake What is locked for it, base units of the stake token.
    /// @param audit Its tasks may be audited with a chance of `audit / 256` each.
    struct Seat {
        address annotator;
        uint256 mask;
        uint128 stake;
        uint16 audit;
    }

    /// @notice A seat with its commitment or, once revealed, the hash of its labels.
    struct SealedSeat {
        Seat seat;
        bytes32 content;
    }

    /// @notice A revealed seat with its labels.
    struct RevealedSeat {
        Seat seat;
        bytes labels;
    }

    /// @notice The gold of one word, as it is opened.
    /// @param mask Tasks of known truth; may be none.
    /// @param labels Their truth, no answer elsewhere.
    /// @param salt What makes the leaf a secret, and audits unforeseeable.
    struct GoldOpening {
        uint256 word;
        uint256 mask;
        bytes labels;
        bytes32 salt;
        bytes32[] proof;
    }

    /// @notice What is known to be true of one word: gold that was not challenged, and what experts decided.
    /// @param gold Tasks of the opened gold.
    /// @param challenged Those of them that were challenged: they count only as experts decide.
    /// @param decided Tasks that experts decided.
    /// @param labels The gold.
    /// @param verdicts What experts decided; no answer where they found that there is no truth.
    /// @param salt Of the gold's leaf.
    struct Truth {
        uint256 gold;
        uint256 challenged;
        uint256 decided;
        bytes labels;
        bytes verdicts;
        bytes32 salt;
    }

    /// @notice A job as it is kept.
    /// @param ends Last seconds of the phases after `seatsUntil`, 24 bits each, reveal in the lowest.
    /// @param flags Bit 0: has a hook; bit 1: keeps reputation; bit 2: has difficulty classes; bit 3: has a parent. They save
    /// the common job the look at what it has not.
    /// @param unit Fees in base units for each answer that counts for reputation.
    struct Job {
        // slot 0
        uint40 seatsUntil;
        uint144 ends;
        // slot 1
        uint24 taskCount;
        uint8 classes;
        uint8 redundancy;
        JobState state;
        PanelKind panelKind;
        uint8 flags;
        uint16 minSeat;
        uint96 stake;
        uint16 maxStakeBps;
        uint16 auditBps;
        uint16 maxAuditBps;
        uint16 goldBps;
        // slot 2
        address creator;
        uint96 pay;
        // slot 3
        address token;
        uint16 feeBps;
        uint16 acceptBps;
        uint16 noiseBps;
        uint24 slopeBps;
        // slot 4
        address rule;
        uint96 expertFee;
        // slot 5
        address hook;
        uint96 challengeBond;
        // slot 6
        uint128 multipliers;
        uint64 parent;
        // slots 7 to 11
        uint96 unit;
        bytes32 panel;
        bytes32 goldRoot;
        bytes32 domain;
        bytes32 termsHash;
    }

    /// @notice What changes in a job.
    /// @param balance What is left of the creator's deposit for labels, base units.
    /// @param expertBudget What is left for experts, base units.
    /// @param seated Words that ever had a seat: the ones whose gold has to be opened.
    /// @param live Words that have seats which are not done.
    /// @param opened Words whose gold is opened.
    /// @param scored Words that are scored.
    /// @param unresolved Settled words with tasks for which no label is accepted.
    /// @param gold Tasks of known truth in words that are scored, by class, 24 bits each.
    struct Book {
        // slot 0
        uint128 balance;
        uint96 expertBudget;
        uint16 unresolved;
        // slot 1
        uint192 gold;
        uint16 seated;
        uint16 live;
        uint16 opened;
        uint16 scored;
    }

    /// @notice A word as it is kept.
    /// @param seats Seats ever taken.
    /// @param revealed Those of them that are revealed.
    /// @param live Those that are not done.
    /// @param challenges Challenges whose bonds are not returned or forfeited yet.
    /// @param full Layers of which one seat has all tasks.
    /// @param partly Layers of which seats have some.
    /// @param saltSum Sum of hashes of all revealed salts.
    struct Word {
        uint8 seats;
        uint8 revealed;
        uint8 live;
        uint8 challenges;
        WordState state;
        uint64 full;
        uint64 partly;
        uint88 saltSum;
    }

    /// @notice A challenge of gold.
    /// @param mask The tasks; none once it is over.
    struct Challenge {
        address challenger;
        uint256 mask;
    }

    /* EVENTS */

    /// @notice Emitted when a job opens; `funded` base units are locked.
    event JobOpened(
        uint256 indexed jobId,
        address indexed creator,
        bytes32 indexed termsHash,
        JobTerms terms,
        uint256[] wordClasses,
        uint256 funded
    );
    /// @notice Emitted when a job is over; `refunded` base units went back to the creator.
    event JobEnded(uint256 indexed jobId, uint256 refunded);
    /// @notice Emitted when a seat is taken, and with it committed.
    event SeatTaken(
        uint256 indexed jobId,
        uint256 indexed word,
        address indexed annotator,
        uint256 layer,
        uint256 mask,
        uint256 stake,
        uint256 audit,
        bytes32 commitment
    );
    /// @notice Emitted when a seat is revealed.
    event LabelsRevealed(
        uint256 indexed jobId, uint256 indexed word, address indexed annotator, bytes labels, bytes32 salt
    );
    /// @notice Emitted when the gold of a word is opened.
    event GoldOpened(uint256 indexed jobId, uint256 indexed word, uint256 mask, bytes labels, bytes32 salt);
    /// @notice Emitted when an annotator says that some of the gold is false.
    event GoldChallenged(
        uint256 indexed jobId,
        uint256 indexed word,
        address indexed challenger,
        uint256 index,
        uint256 mask,
        uint256 bond
    );
    /// @notice Emitted when experts say what is true of some tasks, for `fee` base units.
    event TruthDecided(
        uint256 indexed jobId, uint256 indexed word, address indexed expert, uint256 mask, bytes verdicts, uint256 fee
    );
    /// @notice Emitted when a challenge is over.
    event ChallengeEnded(
        uint256 indexed jobId, uint256 indexed word, uint256 index, uint256 returned, uint256 forfeited
    );
    /// @notice Emitted when the known tasks of a word are counted for its annotators.
    event WordScored(uint256 indexed jobId, uint256 indexed word);
    /// @notice Emitted when a revealed seat is done: `paid` went to the annotator, `slashed` of the stake was burned.
    event SeatSettled(
        uint256 indexed jobId, uint256 indexed word, address indexed annotator, uint256 paid, uint256 slashed
    );
    /// @notice Emitted when a seat that was not revealed is done.
    event SilentSlashed(uint256 indexed jobId, uint256 indexed word, address indexed annotator, uint256 slashed);
    /// @notice Emitted when the labels of a word are decided, `unresolved` of them not; `noisy` if therefore none.
    /// @param withheld Pay that was not earned, and fees: base units that went to the sink.
    event WordSettled(
        uint256 indexed jobId, uint256 indexed word, bytes labels, uint256 unresolved, bool noisy, uint256 withheld
    );
    /// @notice Emitted when experts label tasks for which the annotators' labels were not accepted.
    event TasksResolved(
        uint256 indexed jobId, uint256 indexed word, address indexed expert, uint256 mask, bytes labels, uint256 fee
    );
    /// @notice Emitted when reputation in jobs paid in `token` costs `unit` base units of fees an answer; 0 for none.
    event UnitSet(address indexed token, uint96 unit);

    /* ERRORS */

    /// @notice Thrown when a field of the terms is outside its bounds.
    error TermOutOfBounds(bytes32 field, uint256 value, uint256 min, uint256 max);
    /// @notice Thrown when the terms state another fee than the one of the day.
    error FeeChanged(uint256 stated, uint256 current);
    /// @notice Thrown when the class words do not match the task count, or name a class without multiplier.
    error BadWordClasses(uint256 index);
    /// @notice Thrown when an address that must be a contract has no code.
    error NotAContract(address account);
    /// @notice Thrown when the panel is not what its kind says, or needed and missing.
    error BadPanel(PanelKind kind, bytes32 panel);
    /// @notice Thrown when the parent is not a closed job of the same creator, classes and task count.
    error BadParent(uint256 parent);
    /// @notice Thrown when the contract was deployed without a registry of reputations.
    error NoReputation();
    /// @notice Thrown when the job is not in the state that the act needs.
    error WrongJobState(uint256 jobId, JobState state);
    /// @notice Thrown when the word is not in the state that the act needs.
    error WrongWordState(uint256 jobId, uint256 word, WordState state);
    /// @notice Thrown outside the phase in which the act is possible: after `opens`, not after `closes`.
    error OutsidePhase(uint256 opens, uint256 closes, uint256 currentTime);
    /// @notice Thrown when someone would be two of expert, creator, sink and annotator of a word at once.
    error RoleConflict(address account);
    /// @notice Thrown when the hook does not admit the annotator.
    error NotEligible(uint256 jobId, address annotator);
    /// @notice Thrown when a mask names tasks that the act cannot be about; `allowed` are those it can.
    error TasksNotAvailable(uint256 word, uint256 mask, uint256 allowed);
    /// @notice Thrown when a seat has less than the job's `minSeat` tasks and leaves others in its layer.
    error SeatTooSmall(uint256 tasks, uint256 min);
    /// @notice Thrown when an account has, or had, a seat on the word.
    error AlreadySeated(uint256 jobId, uint256 word, address account);
    /// @notice Thrown when the seat would lock more than the annotator agreed to.
    error StakeAboveMax(uint256 stake, uint256 max);
    /// @notice Thrown when a seat is not what was kept of it, or not in the state that the act needs.
    error WrongSeat(uint256 jobId, uint256 word, address annotator);
    /// @notice Thrown when not all revealed seats of a word are given.
    error SeatsMissing(uint256 expected, uint256 given);
    /// @notice Thrown when a seat does not stand in the ascending order of annotators.
    error SeatsNotSorted(uint256 index);
    // Labels that have another length, or name a class that is not there, revert with `BadLabels(index)` of the library
    // `Labels`.

    /// @notice Thrown when labels stand at other tasks than they must, or may; `labelled` are the tasks that have one.
    error TasksNotLabelled(uint256 word, uint256 labelled, uint256 allowed);

    /// @notice Thrown when a salt is zero.
    error SaltRequired();
    /// @notice Thrown when an opening is not in the tree of the gold.
    error NotInTree(uint256 word);
    /// @notice Thrown when the gold of a word is less than the terms say.
    error GoldTooSmall(uint256 word, uint256 tasks, uint256 min);
    /// @notice Thrown when a word is to be scored of which experts left the challenged gold of the tasks in `mask` undecided.
    error TasksUndecided(uint256 jobId, uint256 word, uint256 mask);
    /// @notice Thrown when a job is to end while `words` of its words have seats that are neither paid nor slashed.
    error SeatsLive(uint256 jobId, uint256 words);
    /// @notice Thrown when the gold is not open in all words with seats.
    error GoldNotOpened(uint256 opened, uint256 seated);
    /// @notice Thrown when what is said to be true is not what was kept of it.
    error WrongTruth(uint256 jobId, uint256 word);
    /// @notice Thrown when a word has, or had, as many challenges as it can have.
    error TooManyChallenges(uint256 jobId, uint256 word);
    /// @notice Thrown when there is no such challenge, or it is over.
    error NoSuchChallenge(uint256 jobId, uint256 word, uint256 index);
    /// @notice Thrown when a word has challenges that are not over: call `settleChallenge`.
    error ChallengesOpen(uint256 jobId, uint256 word, uint256 challenges);
    /// @notice Thrown when an account is not an expert of the job.
    error NotExpert(uint256 jobId, address account);
    /// @notice Thrown when a rule does not answer as it must.
    error BadVerdict(address rule);
    /// @notice Thrown when there is nothing that the act could do.
    error NothingToDo();
}
