//! What the daemon needs of the world, as traits in our types.
