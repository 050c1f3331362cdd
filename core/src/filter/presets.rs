//! Rules for the usual noise, ready to be added and changed. Each says what it does; none is active by itself.

use super::rule::Filter;
use crate::settings::{FieldProblem, filters_from_toml};

/// A rule to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    pub name: &'static str,
    /// What it is for and what it does, in one or two sentences.
    pub about: &'static str,
    /// The rule as TOML.
    pub text: &'static str,
}

impl Preset {
    /// The rule, called as the preset.
    ///
    /// # Errors
    /// None for those of [`PRESETS`], which the tests compile.
    pub fn filters(&self) -> Result<Vec<Filter>, Vec<FieldProblem>> {
        filters_from_toml(self.text)
    }
}

/// The preset of this name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

/// All presets. They tag and keep silent rather than drop, wherever a person may want to see the mail after all.
pub const PRESETS: [Preset; 10] = [
    Preset {
        name: "newsletters",
        about: "Mail of lists and newsletters, by their headers (List-Id, List-Unsubscribe, Precedence: list): low \
                priority, tagged, no acknowledgement.",
        text: r#"[[filter]]
name = "newsletters"
when = [{ field = "fact", equals = "list" }]
then = { priority = "low", tags = ["newsletter"], no_acknowledgement = true }
"#,
    },
    Preset {
        name: "out-of-office",
        about: "Absence notices that begin a conversation of their own are dropped. Those that answer a ticket are \
                added to it.",
        text: r#"[[filter]]
name = "out-of-office"
when = [
    { field = "fact", equals = "vacation" },
    { field = "fact", equals = "reply", not = true },
]
then = { drop = true }
"#,
    },
    Preset {
        name: "delivery-reports",
        about: "Bounces that belong to no ticket go to quarantine, where they show and make no ticket.",
        text: r#"[[filter]]
name = "delivery-reports"
when = [
    { field = "fact", equals = "bounce" },
    { field = "fact", equals = "reply", not = true },
]
then = { quarantine = true }
"#,
    },
    Preset {
        name: "read-receipts",
        about: "Read receipts (multipart/report with a disposition notification) are dropped.",
        text: r#"[[filter]]
name = "read-receipts"
match = "any"
when = [
    { field = "attachment_type", equals = "message/disposition-notification" },
    { field = "header", header = "Content-Type", regex = 'report-type="?disposition-notification' },
]
then = { drop = true }
"#,
    },
    Preset {
        name: "calendar-answers",
        about: "\"Accepted: ...\" and other answers to invitations, told by their calendar part and subject, are \
                dropped. An invitation itself stays a mail like any other.",
        text: r#"[[filter]]
name = "calendar-answers"
when = [
    { field = "attachment_type", regex = '^(text/calendar|application/ics)$' },
    { field = "subject", regex = '^(accepted|declined|tentative|tentatively accepted|zugesagt|abgesagt|zusage|absage|mit vorbehalt|accepté|refusé|provisoire|aceptado|rechazado|accettato|rifiutato)\s*:' },
]
then = { drop = true }
"#,
    },
    Preset {
        name: "noreply-senders",
        about: "Senders that take no answer (noreply@, no-reply@, donotreply@): tagged, no acknowledgement.",
        text: r#"[[filter]]
name = "noreply-senders"
when = [{ field = "from", regex = '^(no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply[-+._].*)@' }]
then = { tags = ["noreply"], no_acknowledgement = true }
"#,
    },
    Preset {
        name: "spam-flagged",
        about: "Mail that the mail server marked as spam (X-Spam-Flag: YES, X-Spam-Status: Yes, X-Spam: Yes, \
                X-Rspamd-Action: reject) goes to quarantine. Put it first: it ends the run.",
        text: r#"[[filter]]
name = "spam-flagged"
match = "any"
when = [
    { field = "header", header = "X-Spam-Flag", wildcard = "yes*" },
    { field = "header", header = "X-Spam-Status", wildcard = "yes*" },
    { field = "header", header = "X-Spam", wildcard = "yes*" },
    { field = "header", header = "X-Rspamd-Action", wildcard = "reject*" },
]
then = { quarantine = true }
"#,
    },
    Preset {
        name: "monitoring-problem",
        about: "Alarms of monitoring, by how their subjects begin (\"** PROBLEM\", \"[FIRING:1]\", \"CRITICAL:\", \
                \"DOWN -\"): high priority, tagged, no acknowledgement.",
        text: r#"[[filter]]
name = "monitoring-problem"
when = [{ field = "subject", regex = '^(\*+\s*(problem|critical|alert|down)\b|\[(firing|problem|critical|alert|alarm|down)\b|(?-i:PROBLEM|CRITICAL|ALERT|ALARM|DOWN)(:| -))' }]
then = { priority = "high", tags = ["monitoring"], no_acknowledgement = true }
"#,
    },
    Preset {
        name: "monitoring-recovery",
        about: "\"All is well again\" of monitoring, by how its subject begins (\"** RECOVERY\", \"[RESOLVED]\", \"OK:\", \
                \"UP -\"), is dropped. Put it before other rules for monitoring.",
        text: r#"[[filter]]
name = "monitoring-recovery"
when = [
    { field = "subject", regex = '^(\*+\s*(recovery|ok|up)\b|\[(recovery|recovered|resolved|ok|up)\b|(?-i:RECOVERY|RECOVERED|RESOLVED|OK|UP)(:| -))' },
    { field = "fact", equals = "reply", not = true },
]
then = { drop = true }
"#,
    },
    Preset {
        name: "automatic-mail",
        about: "All that a machine wrote and that no rule before has dealt with: low priority, tagged.",
        text: r#"[[filter]]
name = "automatic-mail"
when = [{ field = "fact", equals = "automatic" }]
then = { priority = "low", tags = ["automatic"] }
"#,
    },
];
