"""Room planner: what a person who trains or measures skills can get wrong."""


class LearningError(ValueError):
    """A skill, an axis or a head that does not exist, or an extra that is not installed."""
