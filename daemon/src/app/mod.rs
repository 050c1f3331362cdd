//! The composition root: the only place that joins modules; phased stop.
