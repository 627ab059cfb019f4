//! Tickets: what pages are signed with.

use std::sync::Arc;
use std::time::SystemTime;

use crate::lease::Lease;
use crate::{Refreshed, Secret};

macro_rules! tickets {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name(pub(crate) Arc<Lease>);

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

/// Which ticket; each has a cache of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TicketKind {
    Card,
    Jsapi,
}

impl TicketKind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Card => "wx_card",
            Self::Jsapi => "jsapi",
        }
    }

    pub(crate) const fn refreshed(self) -> Refreshed {
        match self {
            Self::Card => Refreshed::CardTicket,
            Self::Jsapi => Refreshed::JsapiTicket,
        }
    }
}
