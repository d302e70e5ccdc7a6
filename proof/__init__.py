"""What proves a case file without us: nothing but Python's standard library, and a copy of it lies in every file.

These modules, with ``models.chain``, become the one script ``verifiera.py`` (``proof.script``). So they import nothing
but the standard library and each other, and what they say is Swedish in the code itself: no catalogue travels along.
"""
