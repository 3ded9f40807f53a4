"""Measures ModelServer beside other servers, in interleaved rounds on one machine. See ../README.md."""
