//! A language on disk.

use maildesk_core::language::Language;

same_word!(
    #[derive(Default)]
    LanguageRecord = Language {
        #[default]
        En,
        De,
        Fr,
        Es
    }
);
