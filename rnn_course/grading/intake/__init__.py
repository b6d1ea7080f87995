"""What students hand in: files, notebooks and answers, read without believing any of it."""
