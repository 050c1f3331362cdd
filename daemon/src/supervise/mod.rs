//! Workers: restart with backoff, status on a watch, sd_notify and watchdog.
