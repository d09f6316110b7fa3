"""Shares of actions, without a chain's answers."""
import random, sys
from collections import Counter
def test_stats(networks):
    from tests.capabilities.staking import StakingPlay
    from tests.engine.ape_project import ape_chain
    from tests.engine.check import Troupe
    from tests.engine.tally import Errors, Tally, median
    from tests.engine.trial import Trial
    import time
    troupe = Troupe(StakingPlay, ape_chain())
    tally = Tally(); rnd = random.Random(5)
    t=time.time(); lengths=Counter(); succ=Counter(); tot=Counter()
    for n in range(600):
        tapes=[rnd.randbytes(32) for _ in range(rnd.randint(0,80))]
        p=troupe.write(tapes)
        tally.outcomes.update([("staking",s.action,s.function,s.outcome) for s in p.steps]); tally.steps+=len(p.steps)
        tally.lengths[len(p.steps)]+=1; tally.actors[p.actors]+=1
        for s in p.steps: tot[s.action]+=1; succ[s.action]+=s.succeeds
    print("write", time.time()-t, tally.steps)
    for k,v in tally.actions().items(): 
        a=k.split(".")[1]; print(f"{k:40} {v:.3%}  ok {succ[a]/tot[a]:.0%}")
    print("success", tally.success_share, "median", median(tally.lengths), median(tally.actors))
    print("missing", Errors.of(StakingPlay, troupe.chain).missing(tally))
    print(tally.errors().most_common())
    e=Errors.of(StakingPlay, troupe.chain); print("explained but reached", set(e.explained)&e.reached(tally), "explained not declared", set(e.explained)-e.declared)
