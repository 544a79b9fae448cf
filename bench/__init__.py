"""Speed, measured: scripts anyone can run, each beside a raw-SQL floor in the same run."""
