//! The virus scanner that inbound mail is shown to.

use super::FieldProblem;
use serde::{Deserialize, Serialize};

/// Seconds that a scan may take at the most.
const LONGEST_SCAN: u32 = 600;

/// ClamAV's daemon, asked about every mail before it is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VirusScan {
    /// Its socket, an absolute path: `LocalSocket` of clamd.conf.
    pub clamd: String,
    /// What becomes of mail that cannot be scanned.
    #[serde(default)]
    pub unscanned: Unscanned,
    /// How long the scan of one mail may take.
    #[serde(default = "two_minutes")]
    pub timeout_seconds: u32,
}

/// What becomes of mail that cannot be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unscanned {
    /// It waits unread on its server until the scanner answers; what is too large for the scanner goes to quarantine.
    #[default]
    Wait,
    /// It goes through, with a remark.
    Pass,
}

fn two_minutes() -> u32 {
    120
}

pub(super) fn validate(scan: &VirusScan, found: &mut Vec<FieldProblem>) {
    if !scan.clamd.starts_with('/') || scan.clamd.chars().any(char::is_control) {
        found.push(FieldProblem::new(
            "judging: virus_scan.clamd",
            "is no absolute path",
            "give LocalSocket of /etc/clamav/clamd.conf, such as /run/clamav/clamd.ctl",
        ));
    }
    if !(1..=LONGEST_SCAN).contains(&scan.timeout_seconds) {
        let remedy = format!("give 1 to {LONGEST_SCAN} seconds");
        found.push(FieldProblem::new("judging: virus_scan.timeout_seconds", "is out of range", remedy));
    }
}
