"""Recovery: milestones, courses, trial results, and a plan with dates."""
