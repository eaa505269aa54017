"""Room planner: closed lists of English words that the grammar reads: pronouns, determiners, prepositions, ..."""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("\n", " ").split("|") if part.strip())


PRONOUNS = _listed("""
    both of them | all of them | each of them | every one of them | them all | them both | all of it | all of these
    | all of those | them | it | they | the same thing | itself | a replacement | replacement | a new one | another one
    | a fresh one | one more | a different one | a second one | the other one | what you are holding | whatever you are holding | what you hold | what is in your hand
    | the thing in your hand | what you have in your hand | what is in your gripper | the item you are holding | the object you are holding | a substitute | each | all | the ones
""")
"""Stand for what was talked about; "each", "all" and "one more" only at the end of a phrase."""

NEW_ONES = ("one", "another", "replacement", "substitute")
"""Words in a pronoun that mean another thing of the same kind."""

DETERMINERS = _listed("""
    the rest of the | the rest of | the remaining | the other | other | all of the | all the | all of | all my | all
    | every single | every | each | both of the | both the | both | any of the | some of the | any | some | the | an | a
    | this | that | these | those | my | your | our | another | a different | different | more | an other | the two
    | kind of | kinds of | lots of | a lot of | his | her | their | one more | a replacement | a new | two different
    | one of the | one of these | one of my | either | either of the | whatever | a bit of | a little | plenty of | enough
""")

PLACE_DETERMINERS = _listed("""
    all of the | all of | all | both of the | both | each | every | the | a | an | my | any | that | this | your | one of
    | some | these | two | three | of | its | inside | our | either | front of | empty | nearby | open | closed | other | the whole
""")
ALL_PLACES = ("all of the", "all of", "all", "both of the", "both", "each", "every", "two", "three")

AFTER_PRONOUN = frozenset(
    ", : to on in into onto away back from and then over for out down up off at next there please inside with".split()
)
"""Words before which "that" or "one" stand alone."""

MEASURES = (
    "packet",
    "pack",
    "piece",
    "slice",
    "container",
    "unit",
    "kind",
    "type",
    "sort",
    "loaf",
    "jar",
    "tub",
)
CONTAINERS = frozenset("can bottle bag box bar carton cup glass packet pack piece".split())
"""Words for what something comes in; they give way to the thing ("a glass of water")."""

VAGUE = ("something", "anything", "whatever", "everything")

RECIPIENTS = ("me", "us", "the operator", "the person", "the user", "him", "her")

PREPOSITIONS = _listed("""
    next to | close to | near to | on top of | inside of | out of | away from | onto | on to | into | in to | inside
    | beside | besides | by | near | on | in | at | to | towards | toward | from | off of | off | with | under | behind
    | over to | in front of | over | using | back to | back on | back in | back into | back onto | down on | along with
    | together with | down in | up to | adjacent to | alongside | over on | over in | there on | onto the top of | back from
""")
SAME_PREPOSITION = {
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
    ("left", _listed("""to the left | left | to your left | leftwards | leftward | to my left | towards the left
        | to the left side""")),
    ("right", _listed("""to the right | right | to your right | rightwards | rightward | to my right | towards the right
        | to the right side""")),
    ("away", _listed("""away from you | away from me | away from yourself | away | forward | forwards | backward | back
        | backwards | farther away | further away | farther | further | to the back | towards the wall | towards the back
        | further back | toward the wall | away from the edge""")),
    ("closer", _listed("""closer | closer to you | closer to me | closer to the edge | towards you | towards me | toward you
        | towards yourself | toward me | nearer | to the front | towards the front | towards the edge | towards the robot
        | closer to yourself | closer to the robot | toward the edge""")),
)  # fmt: skip
"""Where something may be pushed, as seen by a robot that faces it."""
PUSHING = ("push", "slide", "nudge", "shove", "scoot", "poke")

JOINERS = _listed("""
    and then | and after that | after that | afterwards | and afterwards | then | and finally | finally | and | but
    | first of all | first | firstly | second | secondly | third | thirdly | next | lastly | last | also | and also
    | once done | once that is done | when done | when that is done | after this | when you are done
    | once you are done | later | , | : | plus | before that | so | in the end | at the end | at last | meanwhile
    | in the meantime | while you are at it | when you are finished | once you are finished | as soon as you are done | and
""")
"""What may stand between two requests."""

SPLIT_ENDINGS = ("", "e", "s", "es", "ing", "ting", "ning", "ping", "ed")
"""Endings of a verb that takes a particle."""

REASONS = ("because", "since", "so that", "as i", "so i", "for", "in order to")
ASKS = _listed("""can you | could you | would you | will you | please | how would you | can i have | may i have
    | could i have | how would | can i get""")  # fmt: skip
"""Polite words that begin a request without a comma before it."""

EXCEPTIONS = _listed("""other than | except for | except | besides | apart from | aside from | but not | rather than
    | instead of | excluding | that is anything but | but | not | different from | different than | and not | just not""")
