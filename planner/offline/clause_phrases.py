"""Room planner: closed lists of words around clauses: likings, things left alone, changes of mind."""

from __future__ import annotations

from .fixed_phrases import listed

LIKINGS = listed("""
    i would like | i would love | i would enjoy | i would prefer | i like | i love | i enjoy | i prefer
    | i might like | i may like | i could like | i will like | i will love | i might enjoy | i want
    | i am going to like | you think i would like | suits my taste | to my taste | to my liking
""")
"""After a noun: "something I would like"."""
AFTER_WISH = listed("""
    , | : | and | or | so | then | but | before | after | now | with | when | because | since | while | too |
    soon | please | in | at | on | for | right | here | today | quickly | first | again | also | as
""")
"""What may follow "I want to drink" when nothing is named."""
SPARING = listed("""
    leave | keep | spare | skip | ignore | do not touch | never touch | not touch | do not remove |
    stay away from | keep away from | keep your hands off | leave alone | do not move | never move |
    do not disturb | without touching | without moving
""")
"""Before what stays as it is."""
AS_IT_IS = listed("""
    alone | where it is | where they are | as it is | as they are | untouched | be | there | in place |
    in its place | in their place | out of it | out of this | in peace | for me | for later | for now
""")
TAKING_BACK = listed("""
    no | wait | oh wait | oh no | i mean | i meant | i meant to say | scratch that | or rather | sorry |
    oh sorry | correction | on second thought | on second thoughts | i changed my mind | changed my mind |
    hold on | make it | make that | make those | make them | not that | let us make it | let me correct that
""")
"""Before what takes the place of the last request, thing or place."""
TAKING_BACK_ALL = listed("""
    never mind that | never mind | nevermind | forget it | forget that | forget about it | cancel that |
    cancel it | cancel everything | cancel | do not bother | never mind about that
""")
ROOMS = listed("""
    the kitchen | my kitchen | our kitchen | this kitchen | the house | my house | the room | this room |
    the place | this place | the apartment | the flat | the home | my home | the mess | this mess |
    my mess | up the mess | around here | the whole kitchen | the entire kitchen | the whole house | for me
""")
"""Objects of "tidy up" that do not say what is to be done."""

DURATIONS = listed("""
    second | seconds | minute | minutes | min | mins | hour | hours | while | moment | bit
""")
"""After "for": how long, which no skill can keep to."""

CLAUSE_PHRASES = (LIKINGS, AFTER_WISH, SPARING, AS_IT_IS, TAKING_BACK, TAKING_BACK_ALL, ROOMS)
"""All of them, so that no word of theirs is taken for a misspelling."""
