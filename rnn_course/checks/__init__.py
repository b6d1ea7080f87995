"""What a right answer is, and what a wrong one has misunderstood.

``check = notebook("cw2_speech_commands")`` opens a coursework in a student's notebook;
``check("lstm_cell")`` then judges one question and says why.
"""
