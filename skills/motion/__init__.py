"""Room skills: planning and executing motion: arm, base, and both against doors, buttons and surfaces."""
