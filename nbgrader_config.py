"""nbgrader's settings for this course; read by nbgrader and by ``rnn-course``."""

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "rnn-course"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"

# Whatever lies beside a notebook of ours is copied to students unless it is named here.
c.CourseDirectory.ignore = [
    ".*",
    "__pycache__",
    "*.py",
    "*.pyc",
    "*.safetensors",
    "*.jsonl",
    "*.pt",
    "*.html",
    "feedback",
]

# Students' cells run behind the wall, and what they earn is decided on this side of it.
c.Autograde.exporter_class = "rnn_course.grading.gradebook.exporter.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["rnn_course.grading.gradebook.preprocessors.Judge"]
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.OverwriteCells",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "rnn_course.grading.gradebook.preprocessors.SaveMarks",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback is a page that needs no network, with what was found beside the student's code.
c.GenerateFeedback.exporter_class = (
    "rnn_course.grading.gradebook.feedback_exporter.FeedbackExporter"
)

# In formgrader an essay's model answer and marking scheme stand below the student's.
c.HTMLExporter.preprocessors = ["rnn_course.grading.gradebook.marking_scheme.MarkingScheme"]

# Whatever HTML a student writes is shown, not executed.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "clean_html": "rnn_course.grading.gradebook.html_sanitizer.clean_html",
    "markdown2html": "rnn_course.grading.gradebook.html_sanitizer.markdown_to_html",
}

# For `nbgrader zip_collect`: who handed in which file, by its path in the downloads of Moodle, with
# folders and without, and of Canvas; and what else than notebooks is taken. `rnn-course collect`
# needs none of this.
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/]+?)_(?:\d+_assignsubmission_file_/?|(?:LATE_)?\d+_\d+_)(?P<file_id>.+)"
)
c.FileNameCollectorPlugin.valid_ext = [
    ".ipynb",
    ".safetensors",
    ".py",
    ".json",
    ".jsonl",
    ".csv",
    ".npz",
    ".npy",
    ".txt",
]
