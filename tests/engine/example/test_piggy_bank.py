# The example of docs/bring-your-own-contract.md; the contract is contracts/mocks/PiggyBank.sol.
from hypothesis import given

from tests.engine import Capability, Model, View, act, action, payable_act, programs, require


class Savings(Model):
    def __init__(self, address, owner):
        super().__init__(address)
        self.owner, self.paused = owner, self.table(False)
        self.saved, self.unlocks = self.table(0), self.table(0)

    @payable_act
    def deposit(self, call):
        require(not self.paused[None], "DepositsPaused")
        require(call.value > 0, "NothingSent")
        self.saved[call.sender] += call.value
        self.unlocks[call.sender] = call.now + 7 * 86_400
        self.take(call.sender, call.value)
        self.emit("Deposited", account=call.sender, amount=call.value, unlocksAt=self.unlocks[call.sender])

    @act
    def withdraw(self, call, amount):
        require(call.now >= self.unlocks[call.sender], "StillLocked", self.unlocks[call.sender], call.now)
        require(amount <= self.saved[call.sender], "SavingsTooLow", self.saved[call.sender], amount)
        self.saved[call.sender] -= amount
        self.pay(call.sender, amount)
        self.emit("Withdrawn", account=call.sender, amount=amount)
        return self.saved[call.sender]

    @act
    def set_paused(self, call, paused):
        require(call.sender == self.owner, "NotOwner", call.sender)
        self.paused[None] = paused
        self.emit("PauseSet", paused=paused)


class PiggyBank(Capability):
    @classmethod
    def deploy(cls, chain):
        owner, *savers = (chain.person(name).address for name in ("owner", "saver", "neighbour"))
        return chain.deploy("PiggyBank", owner), owner, savers

    def begin(self):
        contract, owner, self.savers = self.stage
        return contract, Savings(contract.address, owner)

    @action(4)
    def deposit(self, dice):
        self.act("deposit", sender=dice.choose(self.savers), value=dice.pick((10**18, 1), [0]))

    @action(4, when=lambda self: self.model.saved)
    def withdraw(self, dice):
        saver, saved = dice.choose([*self.model.saved.items()])
        time = self.model.unlocks[saver] + dice.pick((0, 1), [-1])
        self.act("withdraw", dice.pick((saved, saved // 2), [saved + 1]), sender=saver, at=time)

    @action(1)
    def set_paused(self, dice):
        self.act("setPaused", dice.chance(4), sender=dice.pick([self.model.owner], self.savers))

    def views(self):
        yield View(self.contract, "paused", (), self.model.paused[None])
        yield from (View.balance(*entry) for entry in self.model.coins.items())
        yield from View.each(self.contract, "savingsOf", self.model.saved.items())
        yield from View.each(self.contract, "unlocksAt", self.model.unlocks.items())

    def invariants(self, effects):
        if self.model.held != sum(saved for _, saved in self.model.saved.items()):
            yield "the bank holds what it owes"

    def finish(self):
        for saver, saved in [*self.model.saved.items()]:
            assert self.act("withdraw", saved, sender=saver, at=self.model.unlocks[saver])
        assert self.model.held == 0


@given(tapes=programs())
def test_piggy_bank__every_program__does_what_the_model_says(troupe, tapes):
    troupe.check(tapes)
