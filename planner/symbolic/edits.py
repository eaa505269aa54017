"""Room planner: the difference between two plans as edits: insert, delete, replace, move, with reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from skills import SkillCall

from .results import Edit, EditKind, Verification

_Verify = Callable[[Sequence[SkillCall]], Verification]


def find_edits(
    given: Sequence[SkillCall], repaired: Sequence[SkillCall], verify: _Verify
) -> tuple[Edit, ...]:
    """Return the edits that lead from one plan to the other, each with its reason.

    Args:
        given: The flawed plan.
        repaired: The plan that reaches the goal.
        verify: Simulates a plan with the goal at its end.
    """
    pairs = pair_edits(given, repaired)
    return tuple(replace(edit, reason=_reason(edit, at, repaired, verify)) for at, edit in pairs)


def pair_edits(given: Sequence[SkillCall], repaired: Sequence[SkillCall]) -> list[tuple[int, Edit]]:
    """Return the edits in the order of the repaired plan, with where in it they stand."""
    deleted, inserted = difference(given, repaired)
    left = list(inserted)
    placed: list[tuple[int, Edit]] = []
    for old in deleted:
        at = _place_of(old, deleted, inserted)
        edit = _paired(old, at, given, repaired, left) or Edit(
            kind=EditKind.DELETE, call=given[old], given_index=old, new_index=None
        )
        if edit.new_index is not None:
            left.remove(edit.new_index)
        placed.append((at if edit.new_index is None else edit.new_index, edit))
    for new in left:
        placed.append((new, Edit(kind=EditKind.INSERT, call=repaired[new], given_index=None, new_index=new)))
    placed.sort(key=lambda pair: pair[0])
    return placed


def difference(given: Sequence[SkillCall], repaired: Sequence[SkillCall]) -> tuple[list[int], list[int]]:
    """Return the indices deleted from one plan and inserted into the other, as few as possible."""
    n, m = len(given), len(repaired)
    common = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            if given[i] == repaired[j]:
                common[i][j] = common[i + 1][j + 1] + 1
            else:
                common[i][j] = max(common[i + 1][j], common[i][j + 1])
    deleted, inserted = [], []
    i = j = 0
    while i < n or j < m:
        if i < n and j < m and given[i] == repaired[j]:
            i, j = i + 1, j + 1
        elif j == m or (i < n and common[i + 1][j] >= common[i][j + 1]):
            deleted.append(i)
            i += 1
        else:
            inserted.append(j)
            j += 1
    return deleted, inserted


def _place_of(old: int, deleted: Sequence[int], inserted: Sequence[int]) -> int:
    """Return the index in the repaired plan before which the deleted step stood."""
    kept = old - sum(d < old for d in deleted)
    place = kept
    for new in inserted:
        if new < place or (new == place and place < kept):
            place += 1
    return place


def _paired(
    old: int, at: int, given: Sequence[SkillCall], repaired: Sequence[SkillCall], left: Sequence[int]
) -> Edit | None:
    """Return the move or the replacement that a deletion is one half of, if it is."""
    for new in left:
        if repaired[new] == given[old]:
            return Edit(kind=EditKind.MOVE, call=given[old], given_index=old, new_index=new)
    run: list[int] = []
    while at + len(run) in left:
        run.append(at + len(run))
    alike = [(likeness, new) for new in run if (likeness := _likeness(given[old], repaired[new]))]
    if not alike:
        return None
    _, new = max(alike, key=lambda pair: (pair[0], -pair[1]))
    call, replaced = repaired[new], given[old]
    return Edit(kind=EditKind.REPLACE, call=call, given_index=old, new_index=new, replaced=replaced)


def _likeness(one: SkillCall, other: SkillCall) -> int:
    return 2 * (one.skill == other.skill) + len(set(one.arguments) & set(other.arguments))


def _reason(edit: Edit, at: int, repaired: Sequence[SkillCall], verify: _Verify) -> str:
    """Return what goes wrong in the repaired plan when this edit alone is taken back."""
    before, after = list(repaired[:at]), list(repaired[at:])
    match edit.kind:
        case EditKind.DELETE:
            return _failure("with it", at, [*before, edit.call, *after], verify)
        case EditKind.REPLACE:
            assert edit.replaced is not None
            return _failure(f"with {edit.replaced}", at, [*before, edit.replaced, *after[1:]], verify)
    return _failure("without it here", None, [*before, *after[1:]], verify)


def _failure(prefix: str, at: int | None, steps: Sequence[SkillCall], verify: _Verify) -> str:
    result = verify(steps)
    if result.is_success:
        return "the goal does not need it"
    missing = "; ".join(result.unmet)
    if result.failing_step is None:
        return f"{prefix} the goal does not hold: {missing}"
    if result.failing_step == at:
        return f"{steps[at]} is not possible there: {missing}"
    return f"{prefix}, {steps[result.failing_step]} is not possible: {missing}"
