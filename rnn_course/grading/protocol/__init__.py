"""What both sides of the wall have agreed on: limits, places, and how they speak."""
