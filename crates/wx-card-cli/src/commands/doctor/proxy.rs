//! The proxy that the environment names.

use std::env;

use super::finding::Finding;

/// The variables that are read, in this order; the first that is not empty counts.
const VARIABLES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The variable that names a proxy, and what it names.
pub(super) fn named() -> Option<(&'static str, String)> {
    VARIABLES
        .into_iter()
        .find_map(|name| Some((name, env::var(name).ok().filter(|value| !value.is_empty())?)))
}

pub(super) fn finding() -> Finding {
    let Some((variable, address)) = named() else {
        return Finding::fine("proxy", "none");
    };
    // Whoever asks for help shows this around: what stands before the @ may be a password.
    let place = address.rsplit_once('@').map_or(address.as_str(), |(_, place)| place);
    let place = place.split_once("://").map_or(place, |(_, place)| place);
    let exceptions = ["no_proxy", "NO_PROXY"]
        .into_iter()
        .find(|name| env::var(name).is_ok_and(|value| !value.is_empty()));
    let exceptions = exceptions.map_or_else(String::new, |name| format!("; {name} has exceptions"));
    Finding::unusual(
        "proxy",
        format!("{place}, by {variable}{exceptions}; this machine itself is reached without it"),
        "the IP list of the account needs the address from which the proxy calls",
    )
}
