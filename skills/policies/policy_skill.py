"""Room skills: a policy as an implementation of a library skill: same contract as the primitive."""

from __future__ import annotations

from grounding import Scene
from skills.motion.body import Body, failed
from skills.skill import Contract, Outcome, SkillCall, SkillContext

from .instructions import instruction_for
from .policy import Policy
from .running import Runner, RunSettings
from .stances import stance_for
from .stop import StopReason, StopSettings, StopTests


class PolicySkill:
    """Comes to where the policy begins, lets it act until a stop test ends it, and folds the arm."""

    def __init__(
        self,
        contract: Contract,
        policy: Policy,
        *,
        settings: RunSettings | None = None,
        stop: StopSettings | None = None,
    ) -> None:
        """Implement a contract.

        Raises:
            ValueError: If no policy can implement the skill.
        """
        stance_for(contract.name)
        self._contract = contract
        self.policy = policy
        self._settings = settings or RunSettings()
        self._stop = stop or StopSettings()

    @property
    def name(self) -> str:
        """Return the policy's name."""
        return self.policy.name

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Do it, and say which stop test ended it."""
        body, scene = Body(context), context.perceive()
        stance = stance_for(call.skill)
        halt = stance.take(body, context, scene, call)
        if halt is not None:
            return body.finish(halt, "")
        instruction = instruction_for(call, scene)
        body.evidence["instruction"] = instruction
        runner = Runner(body, context, self.policy, self._settings)
        before = context.perceive()
        tests = StopTests(lambda now: has_effects(self._contract, call, before, now), self._stop)
        try:
            halt = runner.run(instruction, tests)
        finally:
            self.policy.close()
        body.evidence["stopped_by"] = "halt" if runner.stopped_by is None else runner.stopped_by.value
        if runner.success is not None:
            body.evidence["success_estimate"] = round(runner.success, 3)
        if halt is None and runner.stopped_by is not StopReason.PREDICATE:
            halt = failed(f"{self.name} stopped by {runner.stopped_by} and the effect is not seen")
        halt = stance.leave(body, context, call, halt)
        return body.finish(halt, f"{call} by {self.name}")


def has_effects(contract: Contract, call: SkillCall, before: Scene, now: Scene) -> bool:
    """Return whether every fact that the call should bring about is seen, and none that it should end."""
    operator = contract.operator
    after = operator.apply(call.arguments, before.facts, before.universe)
    return after - before.facts <= now.facts and not (before.facts - after) & now.facts
