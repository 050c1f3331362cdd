//! Where a mail goes: reply tokens, wanted look-ups, the plan.
