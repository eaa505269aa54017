"""Room planner: language models reached over a wire: prompts, clients, scorers, and one place of control."""
