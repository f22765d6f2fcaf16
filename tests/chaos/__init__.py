"""Guildhall under fire. What these tests start they start themselves, and end by process group.

`make test` runs them with few trials, `make chaos` with all of them, alone on the machine (tests/chaos/plan.py).
"""
