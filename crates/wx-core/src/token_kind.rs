//! Which of an account's tokens and tickets.

/// An access token or one of the tickets.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum TokenKind {
    /// The access token.
    AccessToken,
    /// The ticket for `wx.addCard` and `wx.chooseCard`.
    CardTicket,
    /// The ticket for `wx.config`.
    JsapiTicket,
}

impl TokenKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AccessToken, Self::CardTicket, Self::JsapiTicket];

    /// One word for keys, logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::CardTicket => "card_ticket",
            Self::JsapiTicket => "jsapi_ticket",
        }
    }

    /// The service's word for the type of a ticket; `None` for the access token.
    #[must_use]
    pub const fn ticket_type(self) -> Option<&'static str> {
        match self {
            Self::AccessToken => None,
            Self::CardTicket => Some("wx_card"),
            Self::JsapiTicket => Some("jsapi"),
        }
    }
}
