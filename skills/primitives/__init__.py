"""Room skills: motion-planner primitives, one class per skill; imported when they first run."""
