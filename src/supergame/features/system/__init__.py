"""System: health, and what this server is and offers. Uses rpc for its list of functions."""
