"""Room planner: one file per vendor's wire; each imports its SDK when it first sends."""
