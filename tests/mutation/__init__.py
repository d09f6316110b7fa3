"""A mutation tester: plants one small bug after another in the project's own contracts, in memory, and looks
whether the engine or the quick part of the unit tests notices.

`python -m tests.mutation` draws a sample from all sites and judges it; `--list` shows the sites, `--show` and
`--id` one of them. A mutant that nothing notices is a test that is missing, or is no bug: then it stands in
docs/mutants-kept.json with the reason, and still counts as not killed.
"""
