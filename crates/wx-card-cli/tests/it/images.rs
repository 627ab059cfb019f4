//! Uploading pictures.

use std::fs;

use serde_json::json;
use wx_card_sandbox::Sandbox;

use crate::hostile::{Answer, Hostile};
use crate::run::{command, finish};
use crate::world::World;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

/// A file with these bytes and a name that says nothing.
fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    file
}

/// The picture at `url`, as the sandbox shows it.
fn shown(sandbox: &Sandbox, url: &str) -> Vec<u8> {
    use wx_card::core::HttpSend as _;

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let request = http::Request::get(url).body(bytes::Bytes::new()).unwrap();
    runtime.block_on(sandbox.send(request)).unwrap().into_body().to_vec()
}

#[test]
fn a_picture_is_uploaded_and_its_address_shown() {
    let world = World::new();
    let picture = file(PNG);
    let picture = picture.path().to_str().unwrap();
    let run = world.run(&["image", "upload", picture]);
    let (url, next) = run.text().strip_prefix("url   ").unwrap().split_once('\n').unwrap();
    assert!(url.starts_with(&format!("{}/mmbiz/", world.base_url())), "{url}");
    assert_eq!(
        next,
        "next  put it into logo_url, or wherever else a card takes a picture\n"
    );
    assert_eq!(shown(world.sandbox(), url), PNG);

    let answer = world.json(&["image", "upload", picture]).json();
    assert_eq!(shown(world.sandbox(), answer["url"].as_str().unwrap()), PNG);
    assert_eq!(answer.as_object().unwrap().len(), 1);
}

#[test]
fn a_picture_may_come_by_stdin() {
    let world = World::new();
    let picture = file(PNG);
    let mut upload = command(&[
        "--base-url",
        world.base_url(),
        "--output",
        "json",
        "image",
        "upload",
        "-",
    ]);
    upload.stdin(fs::File::open(picture.path()).unwrap());
    let answer = finish(upload).json();
    assert_eq!(shown(world.sandbox(), answer["url"].as_str().unwrap()), PNG);
}

#[test]
fn what_is_no_picture_for_cards_is_not_sent() {
    let world = World::new();
    let too_large = [PNG, &vec![0; 1024 * 1024]].concat();
    for (content, rule) in [
        (&b""[..], "must not be empty"),
        (b"GIF89a", "must be a JPG or PNG by its first bytes"),
        (&too_large, "must have at most 1048576; make it smaller"),
    ] {
        let picture = file(content);
        let picture = picture.path().to_str().unwrap();
        let error = world.json(&["image", "upload", picture]).error(2);
        assert_eq!(
            (&error["kind"], &error["field"], &error["path"]),
            (&json!("invalid"), &json!("media"), &json!("/cgi-bin/media/uploadimg"))
        );
        assert!(error["message"].as_str().unwrap().contains(rule), "{error}");
    }
    let error = world.json(&["image", "upload", "none/such.png"]).error(2);
    assert_eq!(error["kind"], "usage");
    assert!(world.is_untouched());
}

#[test]
fn a_lost_answer_is_asked_for_again_and_does_no_harm() {
    let server = Hostile::after_token(&[Answer::HangUp]);
    let picture = file(PNG);
    let run = server.run(&["image", "upload", picture.path().to_str().unwrap()]);
    assert!(run.complaint(5).contains("trying again does no harm"), "{run:?}");
    assert_eq!(server.paths().len(), 1 + 3);
}
