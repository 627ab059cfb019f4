//! The example programs run, and what they print is what they promise.

#[path = "../../examples/boarding_pass.rs"]
mod boarding_pass;
#[path = "../../examples/coupon.rs"]
mod coupon;
#[path = "../../examples/member_card.rs"]
mod member_card;

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
