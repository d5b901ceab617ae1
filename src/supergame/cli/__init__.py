"""The command `supergame`: one file a subcommand."""
