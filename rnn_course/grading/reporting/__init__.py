"""What a class has come to: read from results and gradebook, counted, drawn, written as a page."""
