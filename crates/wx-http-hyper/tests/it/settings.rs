//! Which settings make no client.

use std::error::Error;

use rcgen::KeyPair;
use wx_http_hyper::{BuildError, BuildErrorKind, HyperClient, HyperClientBuilder, Roots};

use crate::builder;
use crate::pki::Authority;

fn roots_error(builder: HyperClientBuilder) -> (BuildError, String) {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), BuildErrorKind::Roots);
    let mut text = format!("{error} | {error:?}");
    if let Some(source) = error.source() {
        text += &format!(" | {source} | {source:?}");
    }
    (error, text)
}

#[test]
fn trusting_nobody_is_an_error() {
    let (error, _) = roots_error(HyperClient::builder().no_proxy().roots(Roots::OnlyAdded));
    assert_eq!(error.to_string(), "there is no root certificate to trust");
}

#[test]
fn a_text_without_a_certificate_is_an_error() {
    for text in ["", "no PEM at all"] {
        let (error, _) = roots_error(builder().add_root_pem(text));
        assert_eq!(error.to_string(), "there is no certificate in the PEM text");
    }
}

#[test]
fn a_private_key_given_by_mistake_is_an_error_that_does_not_show_it() {
    let pem = KeyPair::generate().unwrap().serialize_pem();
    let secret = pem.lines().nth(1).unwrap();
    for text in [
        pem.clone(),
        pem.replace("-----END", "----END"),
        pem.replace("-----\n", "-\n"),
    ] {
        let (_, shown) = roots_error(builder().add_root_pem(&text));
        assert!(!shown.contains(secret), "{shown}");
        let shown = format!("{:?}", builder().add_root_pem(&text));
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_damaged_certificate_is_an_error() {
    let pem = Authority::new().pem();
    let cut = pem.lines().next().unwrap().to_owned();
    let (error, _) = roots_error(builder().add_root_pem(cut));
    assert_eq!(error.to_string(), "a root certificate's PEM text is damaged");
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let (error, _) = roots_error(builder().add_root_pem(empty));
    assert!(error.to_string().contains("cannot be a root"));
}

#[cfg(feature = "native-roots")]
#[test]
fn the_system_has_roots_or_says_that_it_has_none() {
    match builder().roots(Roots::Native).build() {
        Ok(client) => assert!(format!("{client:?}").contains("HyperClient")),
        Err(error) => assert!(error.to_string().contains("operating system"), "{error}"),
    }
}

#[cfg(not(feature = "webpki-roots"))]
#[test]
fn without_the_default_roots_a_choice_is_asked_for() {
    let builder = HyperClient::builder().no_proxy();
    let (error, _) = roots_error(builder.add_root_pem(Authority::new().pem()));
    assert!(error.to_string().contains("webpki-roots"));
}

#[cfg(feature = "webpki-roots")]
#[test]
fn the_defaults_make_a_client_without_a_runtime() {
    assert!(builder().build().is_ok());
    assert!(HyperClient::builder().no_proxy().build().is_ok());
}

#[test]
fn the_settings_can_be_looked_at() {
    let shown = format!("{:?}", HyperClient::builder());
    for setting in ["connect_timeout: 5s", " timeout: 15s", "8388608", "50s", "Environment"] {
        assert!(shown.contains(setting), "{setting} in {shown}");
    }
}
