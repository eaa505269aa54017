"""Room planner: language models, decomposition, scoring, verification and repair, the executive, the journal.

Never here: geometry, joint angles.
"""
