"""What the law obliges: dated and cited numbers in ``statutes``, one function per paragraph in Python. Pure."""
