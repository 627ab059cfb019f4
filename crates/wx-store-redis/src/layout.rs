//! Under which keys what is kept.

use wx_core::TokenKey;

use crate::BuildError;

/// How tokens and tickets stand in Redis.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Layout {
    /// Keys and values of our own: `{<prefix>:<appid>}:<kind>` for the token, and `…:lease` and `…:version` beside it.
    ///
    /// The kinds are `access_token`, `card_ticket` and `jsapi_ticket`. The braces keep the keys of an account on one
    /// node of a cluster.
    Own {
        /// What all keys begin with; it must be neither empty nor have braces in it.
        prefix: String,
    },
    /// The keys and values of WxJava, so that its replicas and ours share one token while one takes over from the other:
    /// `<prefix>:access_token:<appid>`, and `<prefix>:ticket:key:<appid>:<type>` with the types `wx_card` and `jsapi`.
    ///
    /// The value is the token as plain text, whose end is that of the key. What else we need stands in keys of our own,
    /// `{<WxJava's key>}:wx-card:lease`, `…:known` and `…:version`, of which WxJava takes no notice.
    ///
    /// # Limits
    ///
    /// - **Each side has a lock of its own.** WxJava's (`<prefix>:lock:<appid>:`) is left alone, because what it looks
    ///   like depends on the Redis library that WxJava was given. Hence when there is no token at all, a process of
    ///   each side may fetch one at the same time. With stable tokens both get the same. With the classic endpoint the
    ///   earlier of the two is dead within minutes; whoever holds it is refused once and takes the one that is stored, or
    ///   fetches one more where that is the dead one.
    ///   Later on we fetch first, some minutes before the end, where WxJava waits for the last two seconds.
    /// - **Both sides must ask for the same kind of token**, stable or classic: a stable token and a classic one of the
    ///   same account do not replace each other in time.
    /// - **WxJava must store plain text**, as it does over Jedis, Spring's `StringRedisTemplate` and Redisson with
    ///   `StringCodec`. What another codec wrote does not look like a token: it is left as it is, because that codec could
    ///   not read ours, and the store fails until WxJava is set up so.
    /// - A token of WxJava's that has no end, or less than two seconds left, is taken for nothing, as WxJava does.
    ///   Of any other the refresh is due 300 seconds before its end.
    /// - A plain value has no sum: a cut-off token is a token until the service refuses it.
    /// - It cannot be sealed.
    WxJava {
        /// WxJava's key prefix, as its configuration has it.
        prefix: String,
    },
}

/// The keys of one token.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Keys {
    pub(crate) value: String,
    pub(crate) lease: String,
    pub(crate) version: String,
    /// What is known of a value that does not say it itself.
    pub(crate) known: Option<String>,
}

impl Layout {
    pub(crate) fn check(&self) -> Result<(), BuildError> {
        match self {
            // With braces in it, the keys of an account would not stay together in a cluster.
            Self::Own { prefix } if prefix.is_empty() || prefix.contains(['{', '}']) => Err(BuildError::layout(
                "the prefix must be neither empty nor have braces in it",
            )),
            Self::Own { .. } | Self::WxJava { .. } => Ok(()),
        }
    }

    /// Where the calls of an account are counted.
    pub(crate) fn calls(&self, app_id: &str) -> String {
        match self {
            Self::Own { prefix } => format!("{{{prefix}:{app_id}}}:calls"),
            Self::WxJava { prefix } => format!("{prefix}:wx-card:calls:{app_id}"),
        }
    }

    pub(crate) fn keys(&self, key: &TokenKey) -> Keys {
        let (app_id, kind) = (&key.app_id, key.kind);
        match self {
            Self::Own { prefix } => {
                let value = format!("{{{prefix}:{app_id}}}:{}", kind.as_str());
                Keys {
                    lease: format!("{value}:lease"),
                    version: format!("{value}:version"),
                    known: None,
                    value,
                }
            }
            Self::WxJava { prefix } => {
                let value = match kind.ticket_type() {
                    None => format!("{prefix}:access_token:{app_id}"),
                    Some(ticket) => format!("{prefix}:ticket:key:{app_id}:{ticket}"),
                };
                // A cluster looks at what is in the first braces, or at the whole key where there are none.
                let beside = if value.contains('{') {
                    value.clone()
                } else {
                    format!("{{{value}}}")
                };
                Keys {
                    lease: format!("{beside}:wx-card:lease"),
                    version: format!("{beside}:wx-card:version"),
                    known: Some(format!("{beside}:wx-card:known")),
                    value,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wx_core::TokenKind;

    use super::*;

    fn keys(layout: &Layout, app_id: &str, kind: TokenKind) -> [String; 4] {
        let Keys {
            value,
            lease,
            version,
            known,
        } = layout.keys(&TokenKey::new(app_id, kind));
        [value, lease, version, known.unwrap_or_default()]
    }

    fn own(prefix: &str) -> Layout {
        Layout::Own { prefix: prefix.into() }
    }

    fn wx_java(prefix: &str) -> Layout {
        Layout::WxJava { prefix: prefix.into() }
    }

    #[test]
    fn our_own_keys_share_a_hash_tag() {
        let layout = own("wx-card");
        assert_eq!(
            keys(&layout, "wx1", TokenKind::AccessToken),
            [
                "{wx-card:wx1}:access_token",
                "{wx-card:wx1}:access_token:lease",
                "{wx-card:wx1}:access_token:version",
                "",
            ]
        );
        let values = TokenKind::ALL.map(|kind| layout.keys(&TokenKey::new("wx1", kind)).value);
        assert_eq!(
            values,
            [
                "{wx-card:wx1}:access_token",
                "{wx-card:wx1}:card_ticket",
                "{wx-card:wx1}:jsapi_ticket",
            ]
        );
    }

    #[test]
    fn wx_javas_keys_are_spelt_as_it_spells_them() {
        let layout = wx_java("wx");
        assert_eq!(
            keys(&layout, "wx1", TokenKind::AccessToken),
            [
                "wx:access_token:wx1",
                "{wx:access_token:wx1}:wx-card:lease",
                "{wx:access_token:wx1}:wx-card:version",
                "{wx:access_token:wx1}:wx-card:known",
            ]
        );
        assert_eq!(
            keys(&layout, "wx1", TokenKind::CardTicket)[0],
            "wx:ticket:key:wx1:wx_card"
        );
        assert_eq!(
            keys(&layout, "wx1", TokenKind::JsapiTicket)[0],
            "wx:ticket:key:wx1:jsapi"
        );
    }

    #[test]
    fn a_hash_tag_in_wx_javas_prefix_is_that_of_our_keys_too() {
        assert_eq!(
            keys(&wx_java("{wx}"), "wx1", TokenKind::AccessToken)[1],
            "{wx}:access_token:wx1:wx-card:lease"
        );
    }

    #[test]
    fn a_prefix_that_would_break_the_hash_tag_is_refused() {
        for refused in ["", "{", "a}b"] {
            assert!(own(refused).check().is_err(), "{refused}");
        }
        for fine in [own("wx-card"), own("a:b c"), wx_java(""), wx_java("{wx}")] {
            assert_eq!(fine.check().map_err(|error| error.to_string()), Ok(()));
        }
    }
}
