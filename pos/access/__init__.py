"""People, roles and scopes, devices, sessions."""
