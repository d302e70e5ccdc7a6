"""What a person starts by a form: one flow an act, thin as a sentence."""
