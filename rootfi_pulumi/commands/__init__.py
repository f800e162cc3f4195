"""What the command `rootfi-pulumi` can do: a module for each of its commands; `app` has them all."""
