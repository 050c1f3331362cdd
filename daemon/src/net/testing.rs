//! For tests: certificates made on the spot and scripted servers.
