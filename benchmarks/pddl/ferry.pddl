; One ferry, one car at a time; a car may board only an empty ferry (negative precondition).
(define (domain ferry)
  (:requirements :strips :typing :negative-preconditions :equality)
  (:types car port)
  (:predicates (at-ferry ?p - port) (at ?c - car ?p - port) (aboard ?c - car) (loaded))
  (:action sail
    :parameters (?from ?to - port)
    :precondition (and (at-ferry ?from) (not (= ?from ?to)))
    :effect (and (at-ferry ?to) (not (at-ferry ?from))))
  (:action board
    :parameters (?c - car ?p - port)
    :precondition (and (at ?c ?p) (at-ferry ?p) (not (loaded)))
    :effect (and (aboard ?c) (loaded) (not (at ?c ?p))))
  (:action debark
    :parameters (?c - car ?p - port)
    :precondition (and (aboard ?c) (at-ferry ?p))
    :effect (and (at ?c ?p) (not (aboard ?c)) (not (loaded)))))
