//! What Slack sends back when something is pressed, chosen or sent.

/// What is pressed or chosen.
pub mod action {
    /// Approves the request in the value, or all of the batch in it.
    pub const APPROVE: &str = "approve";
    /// Asks why, then denies the same.
    pub const DENY: &str = "deny";
    /// Ends the access in the value.
    pub const END: &str = "end";
    /// Asks for the access in the value again.
    pub const ASK_AGAIN: &str = "ask-again";
    /// Asks for access.
    pub const ASK: &str = "ask";
    pub const ACCOUNTS: &str = "accounts";
    pub const PERMISSION_SET: &str = "permission-set";
    pub const DURATION: &str = "duration";
    pub const START: &str = "start";
    pub const REASON: &str = "reason";
    pub const TICKET: &str = "ticket";
    pub const COMMENT: &str = "comment";
    /// Opens a choice among the requests of the batch in the value.
    pub const CHOOSE: &str = "choose";
    pub const REQUESTS: &str = "requests";
    pub const DECISION: &str = "decision";
}

/// Which modal was sent.
pub mod callback {
    pub const REQUEST: &str = "request";
    pub const DENY: &str = "deny";
    pub const CHOOSE: &str = "choose";
    pub const NOTICE: &str = "notice";
    /// The global shortcut that asks for access.
    pub const SHORTCUT: &str = "request-access";
}

/// What is decided.
pub mod decision {
    pub const APPROVE: &str = "approve";
    pub const DENY: &str = "deny";
}
