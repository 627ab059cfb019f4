//! How many calls a run may make: its own limit, or that of all who share the token store.

use std::sync::Arc;

use wx_card::CardClient;
use wx_card::bulk::{LocalRateLimit, RateLimit};

use crate::args::BulkArgs;
use crate::failure::Failure;
use crate::settings::Settings;

/// The limit that was asked for.
pub(super) fn limit(
    args: &BulkArgs,
    settings: &Settings,
    client: &CardClient,
) -> Result<Option<Arc<dyn RateLimit>>, Failure> {
    if args.rate.is_none() && args.per_day.is_none() {
        return Ok(None);
    }
    // Two types with the same methods.
    macro_rules! limited {
        ($limit:expr) => {{
            let mut limit = $limit;
            if let Some(rate) = args.rate {
                limit = limit.per_second(rate);
            }
            if let Some(per_day) = args.per_day {
                limit = limit.per_day(per_day);
            }
            Ok(Some(Arc::new(limit)))
        }};
    }
    match settings.shared_rate_limit()? {
        Some(shared) => limited!(shared),
        None => limited!(LocalRateLimit::new(client.core())),
    }
}
