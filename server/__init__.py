"""`kefu run`: the Rasa server plus what stock Rasa lacks."""
