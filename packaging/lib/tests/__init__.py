"""Tests of the packaging programs' pure functions; packaging/verify runs them."""
