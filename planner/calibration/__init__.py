"""Room planner: conformal prediction over a scorer's probabilities: when to act alone, when to ask."""

from .calibration import (
    Calibration,
    CalibrationError,
    HeldOut,
    calibration_of,
    check_belongs,
    load_calibration,
)
from .conformal import (
    ASK_OPTION,
    ConformalError,
    Labelled,
    Quality,
    TooFewSituations,
    conformal_threshold,
    needs_help,
    nonconformity,
    prediction_set,
    quality_of,
    situations_needed,
)
from .fit import Fit, Rated, calibrate
from .situations import Situation, SituationError, load_situations
from .temperature import fit_temperature, negative_log_likelihood, with_temperature

__all__ = [
    "ASK_OPTION",
    "Calibration",
    "CalibrationError",
    "ConformalError",
    "Fit",
    "HeldOut",
    "Labelled",
    "Quality",
    "Rated",
    "Situation",
    "SituationError",
    "TooFewSituations",
    "calibrate",
    "calibration_of",
    "check_belongs",
    "conformal_threshold",
    "fit_temperature",
    "load_calibration",
    "load_situations",
    "needs_help",
    "negative_log_likelihood",
    "nonconformity",
    "prediction_set",
    "quality_of",
    "situations_needed",
    "with_temperature",
]
