//! The templates in force. They change without a restart of any worker: each mail is made by those of its moment.

use maildesk_core::notification::CompiledTemplates;
use std::sync::{Arc, PoisonError, RwLock};

/// All compiled templates, replaced whole.
#[derive(Debug, Default)]
pub struct TemplateBook(RwLock<Arc<CompiledTemplates>>);

impl TemplateBook {
    pub fn new(templates: CompiledTemplates) -> Self {
        Self(RwLock::new(Arc::new(templates)))
    }

    pub fn current(&self) -> Arc<CompiledTemplates> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes them, one caller after the other; on an error they stay as they were.
    pub fn change<E>(&self, change: impl FnOnce(&mut CompiledTemplates) -> Result<(), E>) -> Result<(), E> {
        let mut book = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut templates = CompiledTemplates::clone(&book);
        change(&mut templates)?;
        *book = Arc::new(templates);
        Ok(())
    }
}
