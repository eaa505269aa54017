; What is in a briefcase moves with it: conditional effects under a quantifier.
(define (domain briefcase)
  (:requirements :adl :typing)
  (:types briefcase portable - thing place)
  (:predicates (at ?t - thing ?p - place) (in ?x - portable ?b - briefcase) (locked ?b - briefcase))
  (:action carry
    :parameters (?b - briefcase ?from ?to - place)
    :precondition (and (at ?b ?from) (not (= ?from ?to)))
    :effect (and (at ?b ?to) (not (at ?b ?from))
      (forall (?x - portable) (when (in ?x ?b) (and (at ?x ?to) (not (at ?x ?from)))))))
  (:action put-in
    :parameters (?x - portable ?b - briefcase ?p - place)
    :precondition (and (at ?x ?p) (at ?b ?p) (not (locked ?b)) (not (exists (?c - briefcase) (in ?x ?c))))
    :effect (in ?x ?b))
  (:action take-out
    :parameters (?x - portable ?b - briefcase)
    :precondition (and (in ?x ?b) (not (locked ?b)))
    :effect (not (in ?x ?b)))
  (:action lock
    :parameters (?b - briefcase)
    :precondition (not (locked ?b))
    :effect (locked ?b))
  (:action unlock
    :parameters (?b - briefcase)
    :precondition (locked ?b)
    :effect (not (locked ?b))))
