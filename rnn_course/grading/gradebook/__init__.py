"""The only room that knows nbgrader: its database, preprocessors, feedback and pages."""
