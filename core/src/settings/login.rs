//! How we prove at a server who we are.

use super::{FieldProblem, SecretSetting};
use serde::{Deserialize, Serialize};

/// User name and secret for a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub username: String,
    /// The password; where the mechanism takes one, the access token.
    pub password: SecretSetting,
    #[serde(default)]
    pub mechanism: Mechanism,
}

/// How the secret is brought to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mechanism {
    /// A password, by whatever the server offers: PLAIN or LOGIN.
    #[default]
    Auto,
    /// An OAuth 2.0 access token, as Google and Microsoft take it.
    Xoauth2,
}

pub(super) fn validate(login: &Login, section: &str, name: &str, found: &mut Vec<FieldProblem>) {
    let at = |field: &str| format!("{section} \"{name}\": login.{field}");
    if login.username.is_empty() || login.username.chars().any(char::is_control) {
        found.push(FieldProblem::new(
            at("username"),
            "is empty or holds a control character",
            "often the whole address",
        ));
    }
    match &login.password {
        SecretSetting::Command(argv) => command(argv, at("password"), found),
        other => super::validate::secret(other, at("password"), found),
    }
}

/// A program and its arguments.
pub(super) fn command(argv: &[String], field: String, found: &mut Vec<FieldProblem>) {
    /// Bytes of all words together.
    const WORDS_MAX: usize = 2000;
    let mut problem = |problem: &str, remedy: &str| found.push(FieldProblem::new(field.clone(), problem, remedy));
    match argv.first() {
        None => problem("is an empty command", "write command = [\"/path/of/program\", \"argument\"]"),
        Some(program) if !program.starts_with('/') => problem(
            "is a command without an absolute path",
            "write the program from / on; no shell looks for it, and none reads the arguments",
        ),
        Some(_) if argv.iter().any(|word| word.chars().any(char::is_control)) => {
            problem("is a command with a control character", "arguments are one line each");
        }
        Some(_) if argv.iter().map(String::len).sum::<usize>() > WORDS_MAX => {
            problem("is a command of more than 2000 bytes", "put it into a script and name that");
        }
        Some(_) => {}
    }
}
