"""What operators see of a running process: structured logs, Prometheus metrics. May import `base`."""
