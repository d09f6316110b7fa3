from dataclasses import replace
import pytest
from offchain.reference import staking as st_, stakes
from tests.capabilities.staking import test_metamorphic as mm
def oldest_free(self, call, account, wanted):
    queue=self.unbondings[account]
    take=min(wanted, queue[-1].amount) if queue and call.now<=queue[-1].until else 0
    if take: self.unbondings[account]=(*queue[:-1], *((replace(queue[-1],amount=queue[-1].amount-take),) if take<queue[-1].amount else ()))
    return take
def rounded(self, call, account, amount):
    real(self, call, account, amount)
    self.available[account] -= 0 if amount % 7 else 1
def dusty(self, call, account, payer, amount):
    orig_stake(self, call, account, payer, amount)
    for (a,m),bond in list(self.bonds.items()):
        if a==account and bond.locked: self.bonds[a,m]=replace(bond, until=call.now)
def sqrt_like(self, call, account, payer, amount):
    orig_stake(self, call, account, payer, amount)
    self.available[account] += 1
orig_stake=st_.Staking._stake
orig_unlock=st_.Staking._unlock
PLANTS={"only newest": (st_.Staking,"_seize_unbonding",oldest_free),"dust shortens": (st_.Staking,"_stake",dusty),"bonus": (st_.Staking,"_stake",sqrt_like)}
TESTS=[mm.test_order_and_pieces_of_stakes_and_requests_do_not_matter, mm.test_stake_that_is_split_over_accounts_backs_no_more_work, mm.test_whatever_an_account_tries_it_pays_what_was_locked, mm.test_nobody_leaves_faster_than_a_listed_market_can_slash, mm.test_dust_changes_nothing_but_what_is_available]
@pytest.mark.parametrize("plant", PLANTS)
def test_plant(troupe, plant, monkeypatch):
    cls,name,f=PLANTS[plant]
    monkeypatch.setattr(cls,name,f)
    from tests.capabilities.staking.rules import Watch
    monkeypatch.setattr(Watch,"after_step",lambda *a: ())
    monkeypatch.setattr(Watch,"whole",lambda *a: ())
    monkeypatch.setattr(troupe,"run",lambda *a, **k: None)
    for t in TESTS:
        try:
            t(troupe)
            print(plant, t.__name__[:50], "-- survives")
        except Exception as e:
            print(plant, t.__name__[:50], "CAUGHT", str(e).strip().splitlines()[-1][:120] if str(e) else type(e))
