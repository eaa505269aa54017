"""Room planner: demonstrations, roll-outs and benchmarks of learned skills in the simulated home."""
