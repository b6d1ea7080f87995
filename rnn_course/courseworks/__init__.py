"""Our courseworks: what their questions need beyond the engine, a room a coursework."""
