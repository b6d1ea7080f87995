"""Inside the sandbox, beside the student's code; imports nothing of the judge's side."""
