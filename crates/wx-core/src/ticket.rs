//! Tickets: what pages are signed with.

use std::sync::Arc;
use std::time::SystemTime;

use crate::timed_secret::TimedSecret;
use crate::{Secret, TokenKind};

macro_rules! tickets {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name(pub(crate) Arc<TimedSecret>);

        impl $name {
            /// The ticket itself.
            #[must_use]
            pub fn secret(&self) -> &Secret {
                self.0.secret()
            }

            /// When it ceases to serve.
            #[must_use]
            pub fn expires_at(&self) -> SystemTime {
                self.0.expires_at()
            }
        }
    )*};
}

tickets! {
    /// The ticket that `wx.addCard` and `wx.chooseCard` are signed with (卡券 api_ticket, type `wx_card`).
    CardTicket;
    /// The ticket that `wx.config` is signed with (jsapi_ticket, type `jsapi`).
    JsapiTicket;
}

/// Which ticket.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TicketKind {
    /// The one for `wx.addCard` and `wx.chooseCard` ([`CardTicket`]).
    Card,
    /// The one for `wx.config` ([`JsapiTicket`]).
    Jsapi,
}

impl From<TicketKind> for TokenKind {
    fn from(kind: TicketKind) -> Self {
        match kind {
            TicketKind::Card => Self::CardTicket,
            TicketKind::Jsapi => Self::JsapiTicket,
        }
    }
}
