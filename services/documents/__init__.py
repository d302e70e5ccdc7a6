"""From a draft to what is issued: composed, let through, approved to the letter, kept."""
