"""Privacy: everything that the deployment holds of one person, as a file, or erased. Uses accounts. Start at `service`."""
