//! The example programs run, and what they print is what they promise.

#[path = "../../examples/boarding_pass.rs"]
mod boarding_pass;
#[path = "../../examples/coupon.rs"]
mod coupon;
#[path = "../../examples/member_card.rs"]
mod member_card;
#[path = "../../examples/sign_only.rs"]
mod sign_only;

#[test]
fn the_boarding_pass_is_made() {
    boarding_pass::main().unwrap();
}

#[test]
fn the_coupon_is_made() {
    coupon::main().unwrap();
}

#[test]
fn the_member_card_is_made_and_changed() {
    member_card::main().unwrap();
}

#[test]
fn a_page_is_signed_without_any_client() {
    let url = "http://mp.weixin.qq.com?params=value#top";
    let ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
    let signed = sign_only::page(url, ticket, "a card ticket", 1_414_587_457, ["Wm3WZYTPz0wzccnW", "123"]).unwrap();
    // The official page has this signature.
    assert_eq!(
        signed["config"]["signature"],
        "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    );
    let card_ext: wx_card_types::sign::CardExt =
        serde_json::from_str(signed["cardList"][0]["cardExt"].as_str().unwrap()).unwrap();
    let card_id = wx_card_types::CardId::from("pFS7Fjg8kV1IdDz01r4SQwMkuCKc");
    assert!(card_ext.is_signed_with(&card_id, "a card ticket"));
    // Without the tickets the program says what is missing.
    assert!(
        sign_only::main()
            .unwrap_err()
            .to_string()
            .contains("environment variable")
    );
}
