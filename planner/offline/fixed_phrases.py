"""Room planner: closed lists of English words that the grammar reads: pronouns, determiners, ..."""

from __future__ import annotations

from grounding.references import Superlative


def listed(text: str) -> tuple[str, ...]:
    """Return the phrases of a list written with bars between them."""
    return tuple(part.strip() for part in text.replace("\n", " ").split("|") if part.strip())


PRONOUNS = listed("""
    both of them | all of them | each of them | every one of them | them all | them both | all of it |
    all of these | all of those | them | it | they | the same thing | itself | a replacement |
    replacement | a new one | another one | a fresh one | one more | a different one | a second one |
    the other one | what you are holding | whatever you are holding | what you hold |
    what is in your hand | the thing in your hand | what you have in your hand |
    what is in your gripper | the item you are holding | the object you are holding | a substitute |
    each | all | the ones | the third | the third one | the fourth | the fourth one | the last one |
    the other | the second one
""")
"""Stand for what was talked about; "each", "all" and "one more" only at the end of a phrase."""

ENDING_PRONOUNS = (
    "each", "all", "one more", "replacement", "the ones", "the third", "the fourth", "the other",
)  # fmt: skip
"""Pronouns only at the end of a phrase."""
NEW_ONES = ("one", "another", "replacement", "substitute")
"""Words in a pronoun that mean another thing of the same kind."""

DETERMINERS = listed("""
    the rest of the | the rest of | the remaining | the other | other | all of the | all the | all of
    | all my | all | every single | every | each | both of the | both the | both | any of the |
    some of the | any | some | the | an | a | this | that | these | those | my | your | our | another
    | one of their | one of your | any one of the | any of my | some of my | some of these
    | any of these | any of those | some of those | one of those | half of the | half the | half of my |
    half my | half of these | half of all the | half of all | a different | different | more
    | an other | the two | kind of | kinds of | lots of | a lot of |
    his | her | their | one more | a replacement | a new | two different | one of the | one of these |
    one of my | either | either of the | whatever | a bit of | a little | plenty of | enough
""")

PLACE_DETERMINERS = listed("""
    all of the | all of | all | both of the | both | each | every | the | a | an | my | any | that |
    this | your | one of | some | these | two | three | of | its | inside | our | either | front of |
    empty | nearby | open | closed | other | the whole
""")
ALL_PLACES = ("all of the", "all of", "all", "both of the", "both", "each", "every", "two", "three")

AFTER_PRONOUN = frozenset(
    listed("""
    , | : | to | on | in | into | onto | away | back | from | and | then | over | for | out | down |
    up | off | at | next | there | please | inside | with
""")
)
"""Words before which "that" or "one" stand alone."""

MEASURES = listed("""
    packet | pack | piece | slice | container | unit | kind | type | sort | loaf | jar | tub
""")
CONTAINERS = frozenset(
    listed("""
    can | bottle | bag | box | bar | carton | cup | glass | packet | pack | piece
""")
)
"""Words for what something comes in; they give way to the thing ("a glass of water")."""

VAGUE = ("something", "anything", "whatever", "everything")

RECIPIENTS = ("me", "us", "the operator", "the person", "the user", "him", "her")

PREPOSITIONS = listed("""
    to the left of | to the right of | left of | right of | down the | in between | between |
    next to | close to | near to | on top of | inside of | out of | away from | onto | on to | into |
    in to | inside | beside | besides | by | near | on | in | at | to | towards | toward | from |
    off of | off | with | under | behind | over to | in front of | over | using | back to | back on |
    back in | back into | back onto | down on | along with | together with | down in | up to |
    adjacent to | alongside | over on | over in | there on | onto the top of | back from
""")
SAME_PREPOSITION = {
    "down the": "in",
    "to the left of": "left of",
    "to the right of": "right of",
    **dict.fromkeys(
        ("on top of", "onto", "on to", "back on", "back onto", "down on", "over on", "there on"), "on"
    ),
    **dict.fromkeys(
        ("into", "in to", "inside", "inside of", "back in", "back into", "down in", "over in"), "in"
    ),
    **dict.fromkeys(("back to", "over to", "towards", "toward", "up to"), "to"),
    **dict.fromkeys(("off of", "off", "out of", "away from", "back from"), "from"),
    **dict.fromkeys(
        ("next to", "close to", "near to", "beside", "besides", "by", "adjacent to", "alongside"), "near"
    ),
    **dict.fromkeys(("using", "along with", "together with"), "with"),
}

DIRECTIONS = (
    ("left", listed("""
    to the left | left | to your left | leftwards | leftward | to my left | towards the left |
    to the left side
""")),
    ("right", listed("""
    to the right | right | to your right | rightwards | rightward | to my right | towards the right |
    to the right side
""")),
    ("away", listed("""
    away from you | away from me | away from yourself | away | forward | forwards | backward | back |
    backwards | farther away | further away | farther | further | to the back | towards the wall |
    towards the back | further back | toward the wall | away from the edge
""")),
    ("closer", listed("""
    closer | closer to you | closer to me | closer to the edge | towards you | towards me | toward you
    | towards yourself | toward me | nearer | to the front | towards the front | towards the edge |
    towards the robot | closer to yourself | closer to the robot | toward the edge
""")),
)  # fmt: skip
"""Where something may be pushed, as seen by a robot that faces it."""
PUSHING = ("push", "slide", "nudge", "shove", "scoot", "poke")

JOINERS = listed("""
    and then | and after that | after that | afterwards | and afterwards | then | and finally |
    finally | and | but | first of all | first | firstly | second | secondly | third | thirdly | next
    | lastly | last | also | and also | once done | once that is done | when done | when that is done
    | after this | when you are done | once you are done | later | , | : | plus | before that | so |
    in the end | at the end | at last | meanwhile | in the meantime | while you are at it |
    when you are finished | once you are finished | as soon as you are done | and
""")
"""What may stand between two requests."""

SPLIT_ENDINGS = ("", "e", "s", "es", "ing", "ting", "ning", "ping", "ed")
"""Endings of a verb that takes a particle."""

REASONS = ("because", "since", "so that", "as i", "so i", "for", "in order to")
ASKS = listed("""
    can you | could you | would you | will you | please | how would you | can i have | may i have |
    could i have | how would | can i get
""")  # fmt: skip
"""Polite words that begin a request without a comma before it."""

EXCEPTIONS = listed("""
    other than | except for | except | besides | apart from | aside from | but not | rather than |
    instead of | excluding | that is anything but | but | not | different from | different than |
    and not | just not
""")

SUBJECTS = listed("""
    i | my | we | our | there | it | this | that | these | those | they | he | she | someone |
    somebody | the | a | all | both | some | guests | friends | people | kids | what | today | no |
    two | three | oops | ugh | sorry | everyone | you | after | since | because | as | one |
    everything | something | looks | tired | thirsty | hungry | feeling | just
""")
"""How a remark may begin."""

PREDICATES = listed("""
    is | was | are | were | has | have | had | should | needs | need | looks | seems | tastes | smells
    | left | spilled | spilt | put | opened | like | love | hate | prefer | am | feel | feeling | do |
    can | just | ate | drank | finished | worked | dropped | got | bought | made | came | forgot |
    will | want | enjoy | goes | went | fell | broke | usually | always | really | accidentally | did
    | tend | know | think | see | placed | thirsty | hungry | tired | dislike | wonder | guess | avoid
    | used | belongs | knocked | received | expired | stinks | ran | sat | sleepy | exhausted
""")
"""One of these occurs in every remark."""
QUESTIONS = listed("""
    what would be | what is a good | what are good | which |
    do you have | is there | are there | have you got | do we have | have we got
""")
"""Questions that only mention something."""
THERE_IS_NOT = listed("""
    there is no | there are no | you do not see | there is not | there are not | you can not find |
    you do not find | there is not any | we do not have | i do not have
""")
THERE_IS = listed("""
    there is | there are | you see | you find | you can find | we have | we still have | you can see |
    there happens to be | there is still | there are still | you have
""")
WITH_WORDS = listed("""
    without any | without | with no | with less | with a lot of | with lots of | with some |
    with a kick of | with a little | with a bit of | with a | with | full of | high in | low in |
    free of | made of | made from | containing
""")

AFTER_ADJECTIVE = frozenset(
    listed("""
    , | : | and | or | to | on | in | from | for | that | then | with | at | please | into | which |
    away | but | out | was | without | not
""")
)
"""Words before which an adjective may stand for the thing: "the salty one", "something salty"."""
HAS_NOT = listed("""
    does not have | do not have | does not contain | do not contain | has no | have no | contains no |
    contain no | has less
""")
WHAT_IS = listed("""
    what is left | what is still | what is | what i left | what was left | whatever is | what i put
    | what lies | what is lying | whatever i left | what we left
""")
"""Before a place: everything there."""

SUPERLATIVES: dict[Superlative, tuple[str, ...]] = {
    "leftmost": ("leftmost", "left most", "left", "left hand"),
    "rightmost": ("rightmost", "right most", "right", "right hand"),
    "nearest": ("nearest", "closest", "nearby"),
    "farthest": ("farthest", "furthest", "most distant"),
    "largest": ("largest", "biggest"),
    "smallest": ("smallest", "tiniest"),
    "tallest": ("tallest", "highest"),
    "middle": ("middle", "middle most", "central"),
}
SIDES: dict[Superlative, tuple[str, ...]] = {
    "leftmost": ("on the left side", "on the left", "on your left", "at the left"),
    "rightmost": ("on the right side", "on the right", "on your right", "at the right"),
    "middle": ("in the middle", "in the center"),
    "back": ("at the back", "in the back"),
    "front": ("at the front", "in the front"),
}
"""Superlatives after the noun: "the can on the left"."""
COUNTED_FROM: dict[Superlative, tuple[str, ...]] = {
    "leftmost": ("from the left", "from left", "from the left side", "counting from the left"),
    "rightmost": ("from the right", "from right", "from the right side", "counting from the right"),
    "front": ("from the front",),
    "back": ("from the back",),
}
ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
}  # fmt: skip
"""Numbers in an order, before a noun: "the second can from the left"."""
LATE_CONDITIONS = listed("""
    if you have one | if there is one | if there is any | if there are any | if available | if it is there
    | if you see one | if you find one | if we have any | if you have any | if we have one
""")
OTHERWISE = ("or otherwise", "otherwise", "or else", "else", "or if not", "if not", "or")


def grammar_words() -> frozenset[str]:
    """Return every word of these lists, so that none of them is taken for a misspelling."""
    lists = (
        PRONOUNS,
        DETERMINERS,
        PREPOSITIONS,
        JOINERS,
        EXCEPTIONS,
        WHAT_IS,
        WITH_WORDS,
        HAS_NOT,
        REASONS,
        SUBJECTS,
    )
    more = (
        PREDICATES,
        QUESTIONS,
        THERE_IS,
        THERE_IS_NOT,
        LATE_CONDITIONS,
        OTHERWISE,
        MEASURES,
        VAGUE,
    )
    sides = (phrases for table in (SUPERLATIVES, SIDES) for phrases in table.values())
    pushed = (phrases for _, phrases in DIRECTIONS)
    return frozenset(
        w for phrases in (*lists, *more, *sides, *pushed) for phrase in phrases for w in phrase.split()
    )
