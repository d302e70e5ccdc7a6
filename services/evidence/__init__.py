"""What proves afterwards what was done: the case file, its anchors, the register and the year's report (Article 33(5))."""
