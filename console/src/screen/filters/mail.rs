//! One mail and the rules: what they make of it, and a rule begun from it.

use super::state::{State, Tried};
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::place::Place;
use crate::app::request::{Answer, Problem, Request};
use maildesk_core::filter::{Condition, Field, Filter, FilterName, Matching, Then, to_toml};
use maildesk_core::ids::MailId;
use maildesk_core::route::JudgedMail;
use maildesk_core::text::clean_line;

impl State {
    /// Judges a mail by the rules as they stand here, saved or not; nothing is written.
    pub fn try_on(&mut self, mail: MailId, desk: &mut Desk) {
        self.tried = Some(Tried { mail, result: None });
        (self.dry_run, self.presets) = (None, None);
        self.scroll.reset();
        desk.ask(Place::Filters, Request::TryRules(mail, self.draft.clone()));
    }

    pub(super) fn was_tried(&mut self, mail: MailId, result: Result<Answer, Problem>) {
        let Some(tried) = self.tried.as_mut().filter(|tried| tried.mail == mail) else { return };
        tried.result = Some(result.and_then(|answer| match answer {
            Answer::Tried(judged) => Ok(judged),
            _ => Err(Problem::offline()),
        }));
    }

    /// Asks for the mail that a rule is to be begun from.
    pub fn begin_from(&mut self, mail: MailId, desk: &mut Desk) {
        self.presets = None;
        desk.ask(Place::Filters, Request::Mail(mail));
    }

    /// Opens the editor on a rule about the sender of this mail.
    pub(super) fn offer(&mut self, judged: &JudgedMail, desk: &mut Desk) {
        if self.saved.value.is_none() && self.draft.is_none() {
            // Added to rules that are not here yet, it would replace them.
            self.waiting = Some(judged.clone());
            return;
        }
        let Ok(name) = FilterName::parse(&format!("from-mail-{}", judged.id)) else { return };
        let sender = Condition { equals: Some(judged.from.clone()), ..Condition::on(Field::From) };
        let about =
            clean_line(&format!("mail {} to {} from {}: {}", judged.id, judged.mailbox, judged.from, judged.subject));
        self.begin_rule(name, sender, &about, desk);
    }

    /// Opens the editor on a rule that says how rules are written; left as it is, it is none.
    pub(super) fn begin_empty(&mut self, desk: &mut Desk) {
        let known = self.rules();
        let names = (1_u32..).map(|count| if count == 1 { "new-rule".into() } else { format!("new-rule-{count}") });
        let mut free = names.filter(|name| known.iter().all(|rule| rule.name.as_str() != name));
        let Some(Ok(name)) = free.next().map(|name| FilterName::parse(&name)) else { return };
        let subject = Condition { contains: Some("words of the subject".into()), ..Condition::on(Field::Subject) };
        self.begin_rule(name, subject, "a rule of your own: change it, save it, leave the editor", desk);
    }

    fn begin_rule(&mut self, name: FilterName, condition: Condition, about: &str, desk: &mut Desk) {
        let then = Then { tags: vec!["sorted".into()], ..Then::default() };
        let rule = Filter { name, enabled: true, matching: Matching::All, when: vec![condition], then };
        let fields =
            "subject, from, from_domain, to, header, body, size, attachment_name, attachment_type, fact, mailbox";
        let actions = "drop, quarantine, priority, tags, assign, no_acknowledgement, stop";
        let rule = to_toml(std::slice::from_ref(&rule));
        let text = format!("# {about}\n# field: {fields}\n# then: {actions}\n\n{rule}");
        self.edited = Some(self.rules().len());
        self.offered = Some(text.clone());
        desk.effect(Effect::Editor { from: Place::Filters, text, ending: ".toml" });
    }
}
