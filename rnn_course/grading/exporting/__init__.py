"""Marks as other systems take them: Canvas, Moodle, Gradescope, PrairieLearn, a plain table."""
