(define (domain logistics)
  (:requirements :strips :typing)
  (:types truck airplane - vehicle package vehicle - physobj airport location - place city place physobj - object)
  (:predicates (in-city ?loc - place ?city - city) (at ?obj - physobj ?loc - place) (in ?pkg - package ?veh - vehicle))
  (:action load
    :parameters (?pkg - package ?veh - vehicle ?loc - place)
    :precondition (and (at ?veh ?loc) (at ?pkg ?loc))
    :effect (and (not (at ?pkg ?loc)) (in ?pkg ?veh)))
  (:action unload
    :parameters (?pkg - package ?veh - vehicle ?loc - place)
    :precondition (and (at ?veh ?loc) (in ?pkg ?veh))
    :effect (and (not (in ?pkg ?veh)) (at ?pkg ?loc)))
  (:action drive
    :parameters (?truck - truck ?from ?to - place ?city - city)
    :precondition (and (at ?truck ?from) (in-city ?from ?city) (in-city ?to ?city) (not (= ?from ?to)))
    :effect (and (not (at ?truck ?from)) (at ?truck ?to)))
  (:action fly
    :parameters (?plane - airplane ?from ?to - airport)
    :precondition (and (at ?plane ?from) (not (= ?from ?to)))
    :effect (and (not (at ?plane ?from)) (at ?plane ?to))))
