; Dishes need clean tools and all their ingredients: disjunctions, quantifiers, constants, either types.
(define (domain cooking)
  (:requirements :adl)
  (:types food tool - item dish spot)
  (:constants stove sink shelf - spot)
  (:predicates (at ?i - item ?s - spot) (holding ?i - item) (dirty ?t - tool) (suits ?t - tool ?d - dish)
    (needs ?d - dish ?f - food) (cooked ?d - dish) (used ?f - food) (on) (cook-at ?s - spot))
  (:action take
    :parameters (?i - (either food tool) ?s - spot)
    :precondition (and (at ?i ?s) (not (exists (?o - item) (holding ?o))))
    :effect (and (holding ?i) (not (at ?i ?s))))
  (:action put
    :parameters (?i - (either food tool) ?s - spot)
    :precondition (and (holding ?i) (cook-at ?s))
    :effect (and (at ?i ?s) (not (holding ?i))))
  (:action go
    :parameters (?s ?t - spot)
    :precondition (and (cook-at ?s) (not (= ?s ?t)))
    :effect (and (cook-at ?t) (not (cook-at ?s))))
  (:action wash
    :parameters (?t - tool)
    :precondition (and (cook-at sink) (or (holding ?t) (at ?t sink)))
    :effect (not (dirty ?t)))
  (:action switch
    :parameters ()
    :precondition (cook-at stove)
    :effect (and (when (on) (not (on))) (when (not (on)) (on))))
  (:action cook
    :parameters (?d - dish ?t - tool)
    :precondition (and (cook-at stove) (on) (suits ?t ?d) (at ?t stove) (not (dirty ?t))
      (forall (?f - food) (imply (needs ?d ?f) (and (at ?f stove) (not (used ?f))))))
    :effect (and (cooked ?d) (dirty ?t) (forall (?f - food) (when (needs ?d ?f) (used ?f))))))
