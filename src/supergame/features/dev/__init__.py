"""What `supergame dev` tells the people who work on a game. Other servers do not have it."""
