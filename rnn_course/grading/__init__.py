"""Strangers' notebooks: taken in, run behind the wall, judged on this side of it, recorded.

One room for each side of the wall and each task; a room imports those below it, and
``lint-imports`` sees to that:

====================  ==============================================================================
`grading.attacks`     the bench: tries a corpus of attacks here and under plain nbgrader
`grading.classroom`   all submissions of one coursework: progress, Dask, the demo
`grading.exporting`   marks as Canvas, Moodle, Gradescope and PrairieLearn take them
`grading.reporting`   the class report: figures, pictures, mistakes, who is alike
`grading.gradebook`   nbgrader's side: its database, preprocessors, feedback and pages
`grading.judge`       the trusted judge: asks the kernel, decides, writes results down
`grading.host`        outside the sandbox: starts the fork server, speaks to the kernels, the doctor
`grading.intake`      what was handed in: downloads, files, notebooks; read, never believed
`grading.sandbox`     inside the sandbox, beside the student's code: fork server, supervisor, kernel
`grading.protocol`    what both sides have agreed on: limits, places, and how they speak
`grading.result`      reports and incidents of one submission
====================  ==============================================================================
"""
